import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { WorkerEvent } from '../../protocol/events.ts';
import type { RunState } from './run-state.ts';
import type { WorkerLink } from './worker-link.ts';

export interface PeekState {
  /** Place in the text that is wanted, a multiple of `PEEK_ROW`. */
  offset: number;
  /** What has come last, which may still be of another place; null before anything has. */
  slice: { offset: number; bytes: Uint8Array } | null;
}

/** Places are whole rows of a table of bytes. */
export const PEEK_ROW = 16;
const PEEK_BYTES = 1024;

export interface PeekParts {
  run: StoreApi<RunState>;
  worker: Pick<WorkerLink, 'send' | 'newRequestId' | 'listen'>;
}

/** Shows a little of the loaded text at a time: the text itself, which may have 100 MB, stays with the worker. */
export class TextPeek {
  readonly store = createStore<PeekState>(() => ({ offset: 0, slice: null }));
  private readonly parts: PeekParts;
  private looking = false;
  private asked: { requestId: number; offset: number } | null = null;

  constructor(parts: PeekParts) {
    this.parts = parts;
    parts.worker.listen((event) => this.receive(event));
    parts.run.subscribe(({ corpus }, before) => {
      if (corpus !== before.corpus) this.forget();
    });
  }

  /** Somebody looks; returns the end of it. */
  look(): () => void {
    this.looking = true;
    this.ask();
    return () => {
      this.looking = false;
    };
  }

  /** Goes to a place, or to the nearest that there is. */
  seek(offset: number): void {
    const { corpus } = this.parts.run.getState();
    if (corpus === null || !Number.isFinite(offset)) return;
    const within = Math.min(Math.max(0, offset), corpus.bytes - 1);
    this.store.setState({ offset: Math.floor(within / PEEK_ROW) * PEEK_ROW });
    this.ask();
  }

  /** One question at a time: who drags along a text gets what can be had on the way, and in the end the last place. */
  private ask(): void {
    const { run, worker } = this.parts;
    const { offset, slice } = this.store.getState();
    if (!this.looking || this.asked !== null || run.getState().corpus === null || slice?.offset === offset) return;
    this.asked = { requestId: worker.newRequestId(), offset };
    worker.send({ type: 'peek', requestId: this.asked.requestId, offset, length: PEEK_BYTES });
  }

  private receive(event: WorkerEvent): void {
    if (event.type !== 'peek' || event.requestId !== this.asked?.requestId) return;
    this.store.setState({ slice: { offset: this.asked.offset, bytes: event.bytes } });
    this.asked = null;
    this.ask();
  }

  private forget(): void {
    this.asked = null;
    this.store.setState({ offset: 0, slice: null });
    this.ask();
  }
}
