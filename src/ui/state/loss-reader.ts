import { createStore } from 'zustand/vanilla';
import type { WorkerEvent } from '../../protocol/events.ts';
import { encodeText } from '../../text/encode.ts';
import { canAnswer, FIRST_PASSAGE } from './inspection.ts';
import type { Capture, InspectorParts } from './inspection.ts';
import { refreshDelay } from './refresh-delay.ts';
import type { RunState } from './run-state.ts';

/** Where a passage comes from: always the same one, what the model wrote, or what the visitor typed. */
export type PassageSource = 'fixed' | 'written' | 'own';

export interface Passage {
  source: PassageSource;
  text: Uint8Array;
  /** Place of its first byte in the text that it was cut from. */
  start: number;
  /** Request number of the text that the model wrote; absent for others. */
  requestId?: number;
}

export interface LossState {
  passage: Passage;
  /** Newest answer about the passage. */
  capture: Capture | null;
  /** Byte of the passage that the visitor has chosen. */
  picked: number | null;
  asking: boolean;
  failure: string | null;
}

export const fixedPassage: Passage = { source: 'fixed', text: encodeText(FIRST_PASSAGE), start: 0 };

/** Milliseconds from one answer to the next question while a run goes on, at least. */
const REFRESH_DELAY = 10_000;

/** Asks what each byte of a passage costs: when that is looked at, and at times again while the run goes on. */
export class LossReader {
  readonly store = createStore<LossState>(() => ({
    passage: fixedPassage,
    capture: null,
    picked: null,
    asking: false,
    failure: null,
  }));
  private readonly parts: InspectorParts;
  private looking = false;
  private asked: { requestId: number; at: number } | null = null;
  private answeredAt = -Infinity;
  private delay = REFRESH_DELAY;
  private cancelRefresh: (() => void) | null = null;

  constructor(parts: InspectorParts) {
    this.parts = parts;
    parts.worker.listen((event) => this.receive(event));
    parts.run.subscribe((state, before) => this.follow(state, before));
  }

  /** Somebody looks: asks now unless there was an answer a moment ago, and again at times. Returns the end of it. */
  look(): () => void {
    this.looking = true;
    if (this.parts.now() - this.answeredAt >= REFRESH_DELAY) this.ask();
    else this.refreshLater();
    return () => {
      this.looking = false;
      this.stopRefresh();
    };
  }

  ask(): void {
    const { run, worker } = this.parts;
    const { text } = this.store.getState().passage;
    if (this.asked !== null || text.length === 0 || !canAnswer(run.getState().phase)) return;
    this.stopRefresh();
    const requestId = worker.newRequestId();
    this.asked = { requestId, at: this.parts.now() };
    this.store.setState({ asking: true, failure: null });
    worker.send({ type: 'inspect', requestId, text, attention: false });
  }

  /** Reads another passage, or the same with another byte chosen. */
  read(passage: Passage, picked: number | null = null): void {
    const { text, source } = this.store.getState().passage;
    const known = source === passage.source && sameBytes(text, passage.text);
    this.store.setState({ passage, picked });
    if (known) return;
    this.forget();
    if (this.looking) this.ask();
  }

  pick(picked: number | null): void {
    this.store.setState({ picked });
  }

  /** What was answered holds no longer, and an answer that is under way will not. */
  private forget(): void {
    this.asked = null;
    this.answeredAt = -Infinity;
    this.stopRefresh();
    this.store.setState({ capture: null, asking: false, failure: null });
  }

  private follow({ runId, phase }: RunState, before: RunState): void {
    if (runId !== before.runId) this.forget();
    if (phase.name === before.phase.name) return;
    if (!canAnswer(phase) && this.asked !== null) {
      this.asked = null;
      this.store.setState({ asking: false });
    }
    if (!this.looking) return;
    // A run that goes on is asked now and then; one that stands still is asked for what it came to.
    if (phase.name === 'training' && this.store.getState().capture !== null) this.refreshLater();
    else this.ask();
  }

  private receive(event: WorkerEvent): void {
    if (event.type !== 'inspection' && event.type !== 'inspection-failed') return;
    const { asked } = this;
    if (event.requestId !== asked?.requestId || event.runId !== this.parts.run.getState().runId) return;
    const isFirst = this.store.getState().capture === null;
    this.asked = null;
    this.answeredAt = this.parts.now();
    if (event.type === 'inspection') {
      const { runId, step, inspection } = event;
      this.store.setState({ capture: { runId, step, inspection }, asking: false });
      this.delay = refreshDelay(REFRESH_DELAY, this.answeredAt - asked.at, isFirst);
      this.refreshLater();
    } else this.store.setState({ failure: event.message, asking: false });
  }

  private refreshLater(): void {
    this.stopRefresh();
    if (!this.looking || this.parts.run.getState().phase.name !== 'training') return;
    this.cancelRefresh = this.parts.later(() => {
      this.cancelRefresh = null;
      if (this.parts.hidden()) this.refreshLater();
      else this.ask();
    }, this.delay);
  }

  private stopRefresh(): void {
    this.cancelRefresh?.();
    this.cancelRefresh = null;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
