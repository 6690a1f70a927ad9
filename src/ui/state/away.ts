import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CurvesStore } from './curves.ts';
import type { RunState } from './run-state.ts';

/** How many steps the run made while the page was hidden, for a while after that; null when there is nothing to tell. */
export type AwayStore = StoreApi<{ steps: number | null }>;

/** As long as it takes to read it and look up. */
const SHOWN = 8000;

interface AwayParts {
  run: StoreApi<RunState>;
  curves: CurvesStore;
  /** Calls back once after `delay` ms unless the function that it returns is called before. */
  later(callback: () => void, delay: number): () => void;
}

export interface Away {
  store: AwayStore;
  /** Tells that the page is hidden now, or shown. */
  turn(hidden: boolean): void;
}

/** Counts what a run does while nobody looks. */
export function createAway({ run, curves, later }: AwayParts): Away {
  const store: AwayStore = createStore(() => ({ steps: null }));
  let left: { runId: number; step: number } | null = null;
  let stopHiding = (): void => {};
  const tell = (steps: number): void => {
    stopHiding();
    store.setState({ steps });
    stopHiding = later(() => store.setState({ steps: null }), SHOWN);
  };
  return {
    store,
    turn(hidden) {
      const { runId, phase } = run.getState();
      if (hidden) {
        left = phase.name === 'training' ? { runId, step: curves.getState().metrics.madeSteps } : null;
        return;
      }
      const from = left;
      left = null;
      if (from === null || from.runId !== runId) return;
      const steps = (): number => curves.getState().metrics.madeSteps - from.step;
      if (phase.name !== 'training') {
        if (steps() > 0) tell(steps());
        return;
      }
      // The last second may still be on its way, and comes with the next drawing.
      const stop = curves.subscribe(() => {
        stop();
        if (run.getState().runId === runId && steps() > 0) tell(steps());
      });
    },
  };
}
