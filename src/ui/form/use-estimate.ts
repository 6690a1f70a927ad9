import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useConfig, useCurves, useRun, useSession } from '../session.ts';
import { estimatedRunSeconds } from '../state/step-seconds.ts';
import type { MeasuredRun } from '../state/step-seconds.ts';

/** About how many seconds the steps of the form would take here; null as long as nothing was measured. */
export function useEstimate(): number | null {
  const config = useConfig((state) => state.config);
  const speed = useRun((state) => state.speed);
  const measured = useMeasuredRun();
  return useMemo(() => estimatedRunSeconds(config, speed, measured), [config, speed, measured]);
}

/** The latest run of this visit whose rate is known; null before there is one. */
export function useMeasuredRun(): MeasuredRun | null {
  const runs = useStore(useSession().runs, (state) => state.runs);
  // The rate of a run is known once it has made some steps.
  const { revision } = useCurves();
  return useMemo(() => {
    const run = runs.findLast(({ origin, metrics }) => origin === 'visit' && metrics.stepsPerSecond !== null);
    const rate = run?.metrics.stepsPerSecond;
    return run && rate ? { config: run.config, secondsPerStep: 1 / rate } : null;
    // oxlint-disable-next-line react/exhaustive-deps -- A run's metrics grow in place; the revision says when.
  }, [runs, revision]);
}
