import type { StoreApi } from 'zustand/vanilla';
import type { WorkerEvent } from '../../protocol/events.ts';
import { canAnswer } from './inspection.ts';
import type { InspectionEvent } from './inspection.ts';
import { refreshDelay } from './refresh-delay.ts';
import type { RunState } from './run-state.ts';
import type { WorkerLink } from './worker-link.ts';

export interface AskerParts {
  run: StoreApi<RunState>;
  worker: Pick<WorkerLink, 'send' | 'newRequestId' | 'listen'>;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Calls back after `delay` ms unless the function that it returns is called before. */
  later(callback: () => void, delay: number): () => void;
  hidden(): boolean;
}

/** What is asked, and what becomes of the answers. */
interface Questions {
  /** The text to be read, as it is by now; nothing is asked about an empty one. */
  text(): Uint8Array;
  attention: boolean;
  /** Milliseconds from one answer to the next question while a run goes on, at least. */
  delay: number;
  /** Whether to ask again while a run goes on. */
  repeats(): boolean;
  isAnswered(): boolean;
  answer(event: InspectionEvent): void;
  /** Says whether an answer is under way, and why the last question had none. */
  tell(state: { asking: boolean; failure?: string | null }): void;
  /** What was answered of later steps is of parameters that the run will not have again; null for all of another run. */
  forgetAfter(step: number | null): void;
}

/** Asks a run what it does with a text, one question at a time, and only while somebody looks. */
export class Asker {
  private readonly parts: AskerParts;
  private readonly questions: Questions;
  private looking = false;
  private asked: { requestId: number; at: number } | null = null;
  /** When there was an answer that is still the newest that there can be, but for training that goes on. */
  private answeredAt = -Infinity;
  private delay: number;
  private cancelRefresh: (() => void) | null = null;

  constructor(parts: AskerParts, questions: Questions) {
    this.parts = parts;
    this.questions = questions;
    this.delay = questions.delay;
    parts.worker.listen((event) => this.receive(event));
    parts.run.subscribe((state, before) => this.follow(state, before));
  }

  /** Somebody looks: asks now unless there was an answer a moment ago, and again at times. Returns the end of it. */
  look(): () => void {
    this.looking = true;
    if (this.parts.now() - this.answeredAt >= this.questions.delay) this.ask();
    else this.refreshLater();
    return () => {
      this.looking = false;
      this.stopRefresh();
    };
  }

  /** Asks for the present parameters, unless an answer is under way or there is nobody to give one. */
  ask(): void {
    const { run, worker, now } = this.parts;
    const text = this.questions.text();
    if (this.asked !== null || text.length === 0 || !canAnswer(run.getState().phase)) return;
    this.stopRefresh();
    const requestId = worker.newRequestId();
    this.asked = { requestId, at: now() };
    this.questions.tell({ asking: true, failure: null });
    worker.send({ type: 'inspect', requestId, text, attention: this.questions.attention });
  }

  /** What was answered holds no longer, and an answer that is under way will not. Asks anew if somebody looks. */
  askAnew(): void {
    this.drop();
    if (this.looking) this.ask();
  }

  /** Asks again at times, or no more, as `repeats` says by now. */
  repeat(): void {
    if (this.looking && this.questions.repeats()) this.ask();
    else this.stopRefresh();
  }

  private drop(): void {
    this.asked = null;
    this.answeredAt = -Infinity;
    this.stopRefresh();
    this.questions.tell({ asking: false, failure: null });
  }

  private follow({ runId, phase, kept }: RunState, before: RunState): void {
    const { questions } = this;
    if (runId !== before.runId) {
      questions.forgetAfter(null);
      this.drop();
    }
    if (phase === before.phase) return;
    // It begins, or begins anew from what was kept of it.
    if (phase.name === 'compiling' && before.phase.name !== 'compiling') {
      questions.forgetAfter(kept?.step ?? 0);
      this.drop();
    }
    if (!canAnswer(phase) && this.asked !== null) this.drop();
    if (!this.looking) {
      this.answeredAt = -Infinity;
      return;
    }
    // A run that goes on is asked now and then; one that stands still is asked for what it came to.
    const isAnswered = questions.isAnswered();
    if (phase.name === 'training' && isAnswered) this.refreshLater();
    else if (questions.repeats() || !isAnswered) this.ask();
  }

  private receive(event: WorkerEvent): void {
    const { questions, asked } = this;
    if (!('runId' in event) || event.runId !== this.parts.run.getState().runId) return;
    if (event.type === 'rewound') {
      questions.forgetAfter(event.step);
      this.askAnew();
    }
    if (event.type !== 'inspection' && event.type !== 'inspection-failed') return;
    if (asked === null || event.requestId !== asked.requestId) return;
    const isFirst = !questions.isAnswered();
    const now = this.parts.now();
    this.asked = null;
    // One that comes after somebody has looked away may be out of date by the time that they come back.
    if (this.looking) this.answeredAt = now;
    if (event.type === 'inspection-failed') {
      questions.tell({ asking: false, failure: event.message });
      return;
    }
    questions.answer(event);
    questions.tell({ asking: false });
    this.delay = refreshDelay(questions.delay, now - asked.at, isFirst);
    this.refreshLater();
  }

  private refreshLater(): void {
    this.stopRefresh();
    const { run, later, hidden } = this.parts;
    if (!this.looking || !this.questions.repeats() || run.getState().phase.name !== 'training') return;
    this.cancelRefresh = later(() => {
      this.cancelRefresh = null;
      if (hidden()) this.refreshLater();
      else this.ask();
    }, this.delay);
  }

  private stopRefresh(): void {
    this.cancelRefresh?.();
    this.cancelRefresh = null;
  }
}
