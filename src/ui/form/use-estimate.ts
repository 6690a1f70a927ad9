import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useConfig, useCurves, useRun, useSession } from '../session.ts';
import { aboutTime } from '../format/about-time.ts';
import { estimatedRunSeconds, leftOut } from '../state/step-seconds.ts';
import type { MeasuredRun } from '../state/step-seconds.ts';

/** About how long the steps of the form would take here, and what that leaves out; null as long as nothing was measured. */
export function useEstimate(): { time: string; without: string } | null {
  const config = useConfig((state) => state.config);
  const speed = useRun((state) => state.speed);
  const measured = useMeasuredRun();
  return useMemo(() => {
    const seconds = estimatedRunSeconds(config, speed, measured);
    return seconds === null ? null : { time: aboutTime(seconds), without: leftOut(measured) };
  }, [config, speed, measured]);
}

/** The latest run of this visit whose rate is known; null before there is one. */
export function useMeasuredRun(): MeasuredRun | null {
  const runs = useStore(useSession().runs, (state) => state.runs);
  // The rate of a run is known once it has made some steps.
  const { revision } = useCurves();
  return useMemo(() => {
    const run = runs.findLast(({ origin, metrics }) => origin === 'visit' && metrics.stepsPerSecond !== null);
    const rate = run?.metrics.stepsPerSecond;
    if (!run || !rate) return null;
    const prepared = runs.findLast(({ metrics }) => metrics.clock.preparation !== null);
    return {
      config: run.config,
      secondsPerStep: run.metrics.clock.secondsPerStep ?? 1 / rate,
      preparation: prepared?.metrics.clock.preparation ?? null,
    };
    // oxlint-disable-next-line react/exhaustive-deps -- A run's metrics grow in place; the revision says when.
  }, [runs, revision]);
}
