import { useMemo } from 'react';
import type { ChartMark } from '../chart/chart-line.ts';
import { xAt } from '../chart/placement.ts';
import { lastAtMost } from '../chart/search.ts';
import { placements } from '../compare/run-figures.ts';
import type { Measured } from '../compare/run-figures.ts';
import { useRun } from '../session.ts';
import type { XUnit } from '../state/chart-view.ts';
import { marksByStep } from '../state/marks.ts';

/** What happened to the present run: where it diverged or took up settings, and where it went back to. */
export function useRunMarks(run: Measured, unit: XUnit): readonly ChartMark[] {
  const phase = useRun((state) => state.phase);
  const { marks, lastStep } = run.metrics;
  const all = useMemo(() => {
    const diverged = phase.name === 'diverged' ? [{ step: phase.lastFiniteStep, name: 'diverged' }] : [];
    return marksByStep([...marks, ...diverged]);
  }, [marks, phase]);
  // The figures of a step may come after what happened to it.
  const known = Math.min(lastStep, Math.max(0, ...all.map(({ step }) => step)));
  return useMemo(() => {
    const { steps } = placements(run, unit);
    return all.map(({ step, name }) => {
      const index = lastAtMost(run.metrics.step, Math.min(step, known));
      return { name, x: index < 0 ? 0 : xAt(steps, index) };
    });
  }, [run, all, known, unit]);
}
