import { createStore } from 'zustand/vanilla';
import type { WorkerEvent } from '../../protocol/events.ts';
import type { AttentionRow } from '../../protocol/inspection.ts';
import type { AskerParts } from './asker.ts';
import type { Capture } from './inspection.ts';
import { canAnswer } from './inspection.ts';

/** A pointer that moves on asks for nothing. */
const REST = 120;

/**
 * Weights as the model computed them, where a capture has them in 255ths: asked for row by row, once somebody rests on
 * one. Known rows stay with their capture.
 */
export class ExactRows {
  /** Counts up whenever a row has become known. */
  readonly store = createStore<{ revision: number }>(() => ({ revision: 0 }));
  private readonly parts: Pick<AskerParts, 'run' | 'worker' | 'later'>;
  private readonly known = new WeakMap<Capture, Map<string, Float32Array>>();
  /** Captures that the model has left behind: what holds for one row holds for all. */
  private readonly gone = new WeakSet<Capture>();
  private readonly asked = new Map<number, { capture: Capture; key: string }>();

  constructor(parts: Pick<AskerParts, 'run' | 'worker' | 'later'>) {
    this.parts = parts;
    parts.worker.listen((event) => this.receive(event));
    // What the run before was asked for will not be answered, nor what was under way when a device was lost.
    parts.run.subscribe(({ runId, phase }, before) => {
      if (runId !== before.runId || !canAnswer(phase)) this.asked.clear();
    });
  }

  /**
   * All heads of a row, heads x span; undefined while it is not known, null when it cannot be had: the model has gone on,
   * or there is none.
   */
  rowOf(capture: Capture, row: AttentionRow): Float32Array | null | undefined {
    return this.known.get(capture)?.get(keyOf(row)) ?? (this.canHave(capture) ? undefined : null);
  }

  /** Asks for a row unless one moves on before. Returns the end of wanting it. */
  want(capture: Capture, row: AttentionRow): () => void {
    if (!this.canHave(capture) || this.rowOf(capture, row) !== undefined || this.isAsked(capture, row)) return () => {};
    return this.parts.later(() => this.ask(capture, row), REST);
  }

  private ask(capture: Capture, row: AttentionRow): void {
    if (!this.canHave(capture) || this.isAsked(capture, row)) return;
    const requestId = this.parts.worker.newRequestId();
    this.asked.set(requestId, { capture, key: keyOf(row) });
    const { step, inspection } = capture;
    this.parts.worker.send({ type: 'attention-row', requestId, text: inspection.text, step, row });
  }

  private receive(event: WorkerEvent): void {
    if (event.type !== 'attention-row') return;
    const asked = this.asked.get(event.requestId);
    this.asked.delete(event.requestId);
    if (asked === undefined || event.runId !== asked.capture.runId) return;
    const { capture, key } = asked;
    if (event.weights === null) this.gone.add(capture);
    else this.known.set(capture, (this.known.get(capture) ?? new Map<string, Float32Array>()).set(key, event.weights));
    this.store.setState(({ revision }) => ({ revision: revision + 1 }));
  }

  private isAsked(capture: Capture, row: AttentionRow): boolean {
    return [...this.asked.values()].some((asked) => asked.capture === capture && asked.key === keyOf(row));
  }

  private canHave(capture: Capture): boolean {
    const { runId, phase } = this.parts.run.getState();
    return capture.runId === runId && canAnswer(phase) && !this.gone.has(capture);
  }
}

function keyOf({ layer, hierarchy, token }: AttentionRow): string {
  return `${layer}.${hierarchy}.${token}`;
}
