import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { ChartSource } from '../chart/chart-source.ts';
import { useConfig, useCurves, useRun, useSession } from '../session.ts';
import type { XUnit } from '../state/chart-view.ts';
import type { RunRecord } from '../state/runs.ts';
import { isTimed } from '../compare/run-figures.ts';
import { looksOnWatch } from '../compare/run-look.ts';
import type { RunLooks } from '../compare/run-look.ts';

/** The run that charts follow: the present one, before it the one that the form describes. */
export function usePresentRun(): ChartSource['run'] {
  const metrics = useCurves().metrics;
  const running = useRun((state) => state.config);
  const model = useRun((state) => state.model ?? state.recorded?.model ?? null);
  const recorded = useRun((state) => state.recorded);
  const form = useConfig((state) => state.config);
  const formPreset = useConfig((state) => state.preset);
  const runPreset = useRun((state) => state.preset);
  const text = useRun((state) => state.runCorpus);
  const name = useStore(useSession().runs, ({ runs, presentId }) => runs.find(({ id }) => id === presentId)?.name);
  const config = running ?? recorded?.config ?? form;
  const preset = running === null ? (recorded?.preset ?? formPreset) : runPreset;
  const fallback = recorded === null ? 'no run yet' : 'recorded run';
  return useMemo(
    () => ({ name: name ?? fallback, config, preset, text, model, metrics }),
    [name, fallback, config, preset, text, model, metrics],
  );
}

/** Earlier runs that are drawn beside it: on an axis of time, those whose time is known. */
export function usePinnedRuns(x: XUnit): readonly RunRecord[] {
  const runs = useStore(useSession().runs, (state) => state.runs);
  const presentId = useStore(useSession().runs, (state) => state.presentId);
  return useMemo(
    () => runs.filter(({ id, pin, metrics }) => pin !== null && id !== presentId && (x !== 'time' || isTimed(metrics))),
    [runs, presentId, x],
  );
}

/** How the runs on the charts of the present one are drawn. */
export function useWatchLooks(): RunLooks {
  const state = useStore(useSession().runs);
  return useMemo(() => looksOnWatch(state), [state]);
}
