import { useMemo } from 'react';
import type { ChartMark } from '../chart/chart-line.ts';
import { xAt } from '../chart/placement.ts';
import { lastAtMost } from '../chart/search.ts';
import { placements } from '../compare/run-figures.ts';
import type { Measured } from '../compare/run-figures.ts';
import { useRun } from '../session.ts';
import type { XUnit } from '../state/chart-view.ts';

/** What happened to the present run: where it diverged, and where it went back to. */
export function useRunMarks(run: Measured, unit: XUnit): readonly ChartMark[] {
  const phase = useRun((state) => state.phase);
  return useMemo(() => {
    const { metrics } = run;
    const { steps } = placements(run, unit);
    const diverged = phase.name === 'diverged' ? [{ step: phase.lastFiniteStep, name: 'diverged' }] : [];
    return [...metrics.marks, ...diverged].map(({ step, name }) => {
      const index = lastAtMost(metrics.step, step);
      return { name, x: index < 0 ? 0 : xAt(steps, index) };
    });
  }, [run, unit, phase]);
}
