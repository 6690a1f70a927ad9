import type { RunConfig } from '../../config/types.ts';
import type { StoreApi } from 'zustand/vanilla';
import type { RunState } from './run-state.ts';
import type { WorkerLink } from './worker-link.ts';

export interface CalibratorParts {
  run: StoreApi<RunState>;
  worker: Pick<WorkerLink, 'send'>;
  /** What the form says. */
  config(): RunConfig;
  /** Calls back once the page has nothing else to do. */
  whenIdle(callback: () => void): void;
  hidden(): boolean;
}

/** Has the adapter's speed measured once there is one and nothing needs it, on a page that somebody looks at. */
export class Calibrator {
  private readonly parts: CalibratorParts;
  /** Asked, or about to be. */
  private asked = false;

  constructor(parts: CalibratorParts) {
    this.parts = parts;
    parts.run.subscribe((state, before) => {
      // A run ends the measurement, and so does the end of the worker.
      if (state.runId !== before.runId || state.adapter !== before.adapter) this.asked = false;
      this.consider();
    });
  }

  /** Asks now if it has not been measured and can be; to be called when the page is shown, too. */
  consider(): void {
    if (this.asked || !this.isDue()) return;
    this.asked = true;
    this.parts.whenIdle(() => {
      if (this.isDue()) this.parts.worker.send({ type: 'calibrate', config: this.parts.config() });
      else this.asked = false;
    });
  }

  private isDue(): boolean {
    const { run, hidden } = this.parts;
    const { adapter, speed, phase, loading } = run.getState();
    return adapter.state === 'ready' && speed === null && phase.name === 'idle' && loading === null && !hidden();
  }
}
