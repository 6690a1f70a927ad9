import type { ModelConfig } from '../../config/types.ts';
import type { WorkerEvent } from '../../protocol/events.ts';
import type { TestScore } from '../../protocol/test-score.ts';
import type { TrainingSession } from '../passes/training-session.ts';
import type { Validator } from '../passes/validator.ts';
import type { TestPart } from './test-part.ts';

/** Milliseconds from one word of progress to the next. */
const INTERVAL = 250;

interface Parts {
  validator: Pick<Validator, 'batchSize' | 'losses'>;
  part: TestPart;
  model: ModelConfig;
  /** Whose parameters are measured. */
  session: Pick<TrainingSession, 'step' | 'submits'>;
  /** Over how many submits to spread a batch. */
  submits: () => number;
  runId: number;
  emit: (event: WorkerEvent) => void;
  /** Whether anybody still wants to hear of the run. */
  isThere: () => boolean;
  /** Whether its numbers can be trusted. */
  isUsable: () => boolean;
}

/**
 * Measures a run's model on the test part of its text, batch after batch of the validation's program, and tells how it did.
 * Other requests are served between batches; training waits, so that all batches see the same parameters.
 */
export class Scores {
  private readonly parts: Parts;
  private wanted = false;
  private score: Promise<void> | null = null;
  private batch: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  get isUnderWay(): boolean {
    return this.score !== null;
  }

  /**
   * Begins a score, unless one is under way, and settles when that has ended. It is told without a result when `stop` was
   * called, the parameters have become others, or the run has failed. Rejects when the device is gone, the part is too short, or
   * a loss was not finite.
   */
  measure(): Promise<void> {
    this.wanted = true;
    this.score ??= this.run().finally(() => {
      this.score = null;
    });
    return this.score;
  }

  /** Ends a score after the batch under way. */
  stop(): void {
    this.wanted = false;
  }

  /** Settles when no score is under way, or after a batch when `waits` says no. */
  async over(waits: () => boolean): Promise<void> {
    while (this.score !== null && waits()) await this.batch.catch(() => {});
  }

  private async run(): Promise<void> {
    const { validator, part, model, session, runId, emit, isThere, isUsable } = this.parts;
    part.check();
    const { submits } = session;
    const row = model.contextLength + 1;
    const ids = new Uint32Array(validator.batchSize * row);
    const bits = new Float64Array(part.count);
    const bytes = new Float64Array(part.count);
    let toldAt = -Infinity;
    for (let first = 0; first < part.count; first += validator.batchSize) {
      if (!isThere()) return;
      if (!this.wanted || session.submits !== submits || !isUsable()) {
        emit({ type: 'scored', runId, score: null });
        return;
      }
      if (performance.now() - toldAt >= INTERVAL) {
        emit({ type: 'scoring', runId, share: first / part.count });
        toldAt = performance.now();
      }
      const rows = part.copy(ids, first);
      const batch = validator.losses(ids, this.parts.submits());
      this.batch = batch;
      const losses = await batch;
      for (let i = 0; i < rows; i++) {
        for (let at = 1; at < row; at++) {
          const target = ids[i * row + at];
          if (target === model.ignoreIndex || target >= model.numTokens) continue;
          bits[first + i] += losses[i * (row - 1) + at - 1] / Math.LN2;
          bytes[first + i]++;
        }
      }
    }
    if (!isThere()) return;
    const score: TestScore | null = isUsable() ? { step: session.step, bits, bytes } : null;
    if (score && !bits.every(Number.isFinite)) throw new Error('test part: a loss was not a finite number');
    emit({ type: 'scored', runId, score });
  }
}
