import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { WorkerEvent } from '../../protocol/events.ts';
import { canAnswer } from './inspection.ts';
import type { RunState } from './run-state.ts';
import type { WorkerLink } from './worker-link.ts';

export interface TestScoring {
  /** How much of the test part has been measured, from 0 to 1; null when nothing is under way. */
  share: number | null;
  failure: string | null;
}

interface Parts {
  run: StoreApi<RunState>;
  worker: Pick<WorkerLink, 'send' | 'listen'>;
}

const NOTHING: TestScoring = { share: null, failure: null };

/** Has the present run measured on the test part of its text. The result goes to what the run has measured. */
export class TestScorer {
  readonly store = createStore<TestScoring>(() => NOTHING);
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
    parts.worker.listen((event) => this.receive(event));
    parts.run.subscribe(({ runId, phase }, before) => {
      if (runId !== before.runId || !canAnswer(phase)) this.store.setState(NOTHING, true);
    });
  }

  measure(): void {
    if (this.isUnderWay || !canAnswer(this.parts.run.getState().phase)) return;
    this.store.setState({ share: 0, failure: null });
    this.parts.worker.send({ type: 'score' });
  }

  /** Ends what is under way, soon. */
  stop(): void {
    if (this.isUnderWay) this.parts.worker.send({ type: 'stop-score' });
  }

  private get isUnderWay(): boolean {
    return this.store.getState().share !== null;
  }

  private receive(event: WorkerEvent): void {
    if (!this.isUnderWay || !('runId' in event) || event.runId !== this.parts.run.getState().runId) return;
    if (event.type === 'scoring') this.store.setState({ share: event.share });
    else if (event.type === 'scored') this.store.setState(NOTHING, true);
    else if (event.type === 'score-failed') this.store.setState({ share: null, failure: event.message });
  }
}
