import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { RunMetrics } from './run-metrics.ts';

/** The run's columns and a number that changes when they have grown: a store never holds the values themselves. */
export interface Curves {
  metrics: RunMetrics;
  revision: number;
}

export type CurvesStore = StoreApi<Curves>;

export function createCurvesStore(): CurvesStore {
  return createStore<Curves>(() => ({ metrics: new RunMetrics(), revision: 0 }));
}

export function bumpRevision(store: CurvesStore): void {
  store.setState(({ revision }) => ({ revision: revision + 1 }));
}

/** Takes a run's columns back to what they were at a step, and marks what happened there. */
export function rewindCurves(store: CurvesStore, step: number, mark: string): void {
  store.setState(({ metrics, revision }) => {
    const kept = metrics.upTo(step);
    // A run can go back to the same step for the same reason again.
    if (!kept.marks.some((known) => known.step === step && known.name === mark)) kept.marks.push({ step, name: mark });
    return { metrics: kept, revision: revision + 1 };
  });
}

export function clearCurves(store: CurvesStore): void {
  store.setState(({ revision }) => ({ metrics: new RunMetrics(), revision: revision + 1 }));
}
