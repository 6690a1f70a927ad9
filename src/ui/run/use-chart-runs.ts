import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { ChartSource } from '../chart/chart-source.ts';
import { useConfig, useCurves, useRun, useSession } from '../session.ts';
import type { RunRecord } from '../state/runs.ts';
import { looksOnWatch } from '../compare/run-look.ts';
import type { RunLooks } from '../compare/run-look.ts';

/** The run that charts follow: the present one, before it the one that the form describes. */
export function usePresentRun(): ChartSource['run'] {
  const metrics = useCurves().metrics;
  const running = useRun((state) => state.config);
  const model = useRun((state) => state.model ?? state.recorded?.model ?? null);
  const recorded = useRun((state) => state.recorded);
  const form = useConfig((state) => state.config);
  const name = useStore(useSession().runs, ({ runs, presentId }) => runs.find(({ id }) => id === presentId)?.name);
  const config = running ?? recorded?.config ?? form;
  const fallback = recorded === null ? 'no run yet' : 'recorded run';
  return useMemo(() => ({ name: name ?? fallback, config, model, metrics }), [name, fallback, config, model, metrics]);
}

/** Earlier runs that are drawn beside it. */
export function usePinnedRuns(): readonly RunRecord[] {
  const runs = useStore(useSession().runs, (state) => state.runs);
  const presentId = useStore(useSession().runs, (state) => state.presentId);
  return useMemo(() => runs.filter(({ id, pin }) => pin !== null && id !== presentId), [runs, presentId]);
}

/** How the runs on the charts of the present one are drawn. */
export function useWatchLooks(): RunLooks {
  const state = useStore(useSession().runs);
  return useMemo(() => looksOnWatch(state), [state]);
}
