import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { HotSettings } from '../../config/types.ts';
import { changeMark, withMark } from './marks.ts';
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
    kept.clock = metrics.clock;
    // A run can go back to the same step for the same reason again.
    const isNew = !kept.marks.some((known) => known.step === step && known.name === mark);
    if (isNew) kept.marks = [...kept.marks, { step, name: mark }];
    return { metrics: kept, revision: revision + 1 };
  });
}

/** Marks that a run has taken up settings after a step, to which it had others. Before its first it is a run that began with them. */
export function markChange(store: CurvesStore, step: number, changed: Partial<HotSettings>, before: HotSettings): void {
  if (step === 0) return;
  const { metrics } = store.getState();
  metrics.marks = withMark(metrics.marks, changeMark(step, changed, before));
  bumpRevision(store);
}

export function clearCurves(store: CurvesStore): void {
  store.setState(({ revision }) => ({ metrics: new RunMetrics(), revision: revision + 1 }));
}
