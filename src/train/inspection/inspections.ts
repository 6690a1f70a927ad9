import type { WorkerEvent } from '../../protocol/events.ts';
import type { AttentionRow } from '../../protocol/inspection.ts';
import type { Rhythm } from '../time/rhythm.ts';
import type { Inspector } from './inspector.ts';

/** Request number of inspections at remembered steps. */
const SNAPSHOT = 0;

interface Parts {
  inspector: Inspector;
  rhythm: Rhythm;
  runId: number;
  emit: (event: WorkerEvent) => void;
  /** Whether anybody still wants to hear of the run. */
  isThere: () => boolean;
}

/** Has a run's passages inspected when somebody asks, or as the run goes on, and tells what happened inside. */
export class Inspections {
  private readonly parts: Parts;
  private watched: Uint8Array | null = null;
  private rememberedStep = -1;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async inspect(requestId: number, text: Uint8Array, attention: boolean): Promise<void> {
    const { inspector, emit, runId, isThere } = this.parts;
    const { step, inspection } = await inspector.inspect(text, attention);
    if (isThere()) emit({ type: 'inspection', requestId, runId, step, inspection });
  }

  async attentionRow(requestId: number, text: Uint8Array, step: number, row: AttentionRow): Promise<void> {
    const { inspector, emit, runId, isThere } = this.parts;
    const weights = await inspector.row(text, step, row);
    if (isThere()) emit({ type: 'attention-row', requestId, runId, weights });
  }

  /** Has a passage inspected at steps to remember; null ends it. */
  watch(text: Uint8Array | null): void {
    this.watched = text;
  }

  get isWatching(): boolean {
    return this.watched !== null;
  }

  /** Whether there is a passage to inspect after `step` that has not been. */
  isDue(step: number): boolean {
    return this.isWatching && step !== this.rememberedStep && this.parts.rhythm.remembers(step);
  }

  /** The steps after `step` will be made again, so that what was remembered of them does not count. */
  forgetAfter(step: number): void {
    this.rememberedStep = Math.min(this.rememberedStep, step);
  }

  /** Inspects the watched passage after `step`. */
  async remember(step: number): Promise<void> {
    const { watched } = this;
    if (watched === null) return;
    this.rememberedStep = step;
    try {
      await this.inspect(SNAPSHOT, watched, true);
    } catch (error) {
      // A model too large to look at is trained all the same.
      this.watched = null;
      const message = error instanceof Error ? error.message : String(error);
      this.parts.emit({ type: 'inspection-failed', requestId: SNAPSHOT, runId: this.parts.runId, message });
    }
  }

  destroy(): Promise<void> {
    return this.parts.inspector.destroy();
  }
}
