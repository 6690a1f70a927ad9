import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { WorkerEvent } from '../../protocol/events.ts';
import type { Inspection } from '../../protocol/inspection.ts';
import { encodeText } from '../../text/encode.ts';
import { refreshDelay } from './refresh-delay.ts';
import type { RunPhase, RunState } from './run-state.ts';
import type { WorkerLink } from './worker-link.ts';

/** What a model did with the passage at one step of a run. */
export interface Capture {
  runId: number;
  step: number;
  inspection: Inspection;
}

export interface InspectionState {
  /** The text that the model is watched on; as much of it as fits into a context is read. */
  passage: string;
  /** Taken as the run went on, first step first. */
  snapshots: readonly Capture[];
  /** Whether the snapshots came with the page: there is no model that could be asked anything. */
  recorded: boolean;
  /** The newest answer that was asked for. */
  latest: Capture | null;
  /** To compare others with; stays when its run is gone. */
  pinned: Capture | null;
  /** Whether an answer is under way. */
  asking: boolean;
  failure: string | null;
  /** Whether to ask again and again while the run goes on. */
  auto: boolean;
}

const KEPT_SNAPSHOTS = 24;
/** Milliseconds from one answer to the next question, at least. */
const REFRESH_DELAY = 3000;

/** The opening of Moby Dick: 256 bytes, so that it fits the contexts of most presets, whole or in part. */
export const FIRST_PASSAGE =
  'Call me Ishmael. Some years ago - never mind how long precisely - having little or no money in my purse, and nothing ' +
  'particular to interest me on shore, I thought I would sail about a little and see the watery part of the world. It is ' +
  'a way I have of drivi';

export interface InspectorParts {
  run: StoreApi<RunState>;
  worker: Pick<WorkerLink, 'send' | 'newRequestId' | 'listen'>;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Calls back after `delay` ms unless the function that it returns is called before. */
  later(callback: () => void, delay: number): () => void;
  hidden(): boolean;
}

/**
 * Has runs inspected: the watched passage at remembered steps of each, and, only while somebody looks, the present
 * parameters again and again.
 */
export class Inspector {
  readonly store = createStore<InspectionState>(() => ({
    passage: FIRST_PASSAGE,
    snapshots: [],
    recorded: false,
    latest: null,
    pinned: null,
    asking: false,
    failure: null,
    auto: true,
  }));
  private readonly parts: InspectorParts;
  private looking = false;
  private asked: { requestId: number; at: number } | null = null;
  private cancelRefresh: (() => void) | null = null;

  constructor(parts: InspectorParts) {
    this.parts = parts;
    parts.worker.listen((event) => this.receive(event));
    parts.run.subscribe((state, before) => this.follow(state, before));
  }

  /** Somebody looks: asks now, and again while the run goes on. Returns the end of it. */
  look(): () => void {
    this.looking = true;
    this.ask();
    return () => {
      this.looking = false;
      this.stopRefresh();
    };
  }

  /** Asks for the present parameters, unless an answer is under way or there is nobody to give one. */
  ask(): void {
    const { run, worker, now } = this.parts;
    const text = encodeText(this.store.getState().passage);
    if (this.asked !== null || text.length === 0 || !canAnswer(run.getState().phase)) return;
    this.stopRefresh();
    const requestId = worker.newRequestId();
    this.asked = { requestId, at: now() };
    this.store.setState({ asking: true, failure: null });
    worker.send({ type: 'inspect', requestId, text, attention: true });
  }

  /** Looks at another text from now on; what was captured of the one before is dropped, but for the pinned capture. */
  setPassage(passage: string): void {
    if (passage === this.store.getState().passage) return;
    // An answer about the text before may still come: it is no answer any more.
    this.asked = null;
    this.store.setState({ passage, snapshots: [], recorded: false, latest: null, asking: false, failure: null });
    this.watch();
    if (this.looking) this.ask();
  }

  setAuto(auto: boolean): void {
    this.store.setState({ auto });
    if (auto && this.looking) this.ask();
    else this.stopRefresh();
  }

  pin(capture: Capture | null): void {
    this.store.setState({ pinned: capture });
  }

  /** Shows what somebody else's run was seen to do, until there is a run of the visitor's own. */
  showRecorded(captures: readonly Omit<Capture, 'runId'>[]): void {
    const { runId } = this.parts.run.getState();
    const snapshots = captures.map((capture) => ({ ...capture, runId }));
    this.store.setState({ snapshots, latest: null, recorded: true });
  }

  private watch(): void {
    const text = encodeText(this.store.getState().passage);
    this.parts.worker.send({ type: 'watch', text: text.length === 0 ? null : text });
  }

  private follow({ runId, phase }: RunState, before: RunState): void {
    if (runId !== before.runId) {
      this.asked = null;
      this.stopRefresh();
      this.store.setState({ snapshots: [], recorded: false, latest: null, asking: false, failure: null });
    }
    if (phase === before.phase) return;
    // A worker that has been replaced knows of no passage: each run is told.
    if (phase.name === 'compiling' && before.phase.name !== 'compiling') this.watch();
    if (!canAnswer(phase) && this.asked !== null) {
      this.asked = null;
      this.store.setState({ asking: false });
    }
    const { latest, auto } = this.store.getState();
    if (this.looking && (auto || latest === null)) this.ask();
  }

  private receive(event: WorkerEvent): void {
    if (event.type === 'rewound' && event.runId === this.parts.run.getState().runId) this.forgetAfter(event.step);
    if (event.type !== 'inspection' && event.type !== 'inspection-failed') return;
    if (event.runId !== this.parts.run.getState().runId) return;
    const { asked } = this;
    const isAnswer = asked !== null && event.requestId === asked.requestId;
    if (!isAnswer && event.requestId !== 0) return;
    const isFirst = this.store.getState().latest === null;
    if (event.type === 'inspection-failed') this.store.setState({ failure: event.message });
    else if (isAnswer) this.store.setState({ latest: captureOf(event) });
    else this.keep(captureOf(event));
    if (!isAnswer) return;
    this.asked = null;
    this.store.setState({ asking: false });
    if (event.type === 'inspection') {
      this.refreshLater(refreshDelay(REFRESH_DELAY, this.parts.now() - asked.at, isFirst));
    }
  }

  /** What was captured of steps that a run has taken back is of parameters that it will not have again. */
  private forgetAfter(step: number): void {
    this.store.setState(({ snapshots, latest }) => ({
      snapshots: snapshots.filter((capture) => capture.step <= step),
      latest: latest !== null && latest.step > step ? null : latest,
    }));
  }

  private keep(capture: Capture): void {
    // One that was under way when the text changed shows the text before.
    if (!isPassage(capture.inspection.text, this.store.getState().passage)) return;
    this.store.setState(({ snapshots }) => ({
      snapshots: [...snapshots.filter(({ step }) => step !== capture.step), capture]
        .sort((a, b) => a.step - b.step)
        .slice(-KEPT_SNAPSHOTS),
    }));
  }

  private refreshLater(delay: number): void {
    const refresh = (): void => {
      this.cancelRefresh = null;
      if (this.parts.hidden()) this.refreshLater(delay);
      else this.ask();
    };
    if (!this.looking || !this.store.getState().auto || this.parts.run.getState().phase.name !== 'training') return;
    this.cancelRefresh = this.parts.later(refresh, delay);
  }

  private stopRefresh(): void {
    this.cancelRefresh?.();
    this.cancelRefresh = null;
  }
}

/** Whether there is a model that can be asked. */
export function canAnswer({ name }: RunPhase): boolean {
  return name === 'training' || name === 'paused' || name === 'done' || name === 'diverged';
}

/** All captures by step, the newest answer among them. */
export function capturesOf({ snapshots, latest }: Pick<InspectionState, 'snapshots' | 'latest'>): readonly Capture[] {
  if (latest === null) return snapshots;
  return [...snapshots.filter(({ step }) => step !== latest.step), latest].sort((a, b) => a.step - b.step);
}

/** The capture of a step, or the last before it; the newest without a step. */
export function captureAt(captures: readonly Capture[], step: number | null): Capture | null {
  if (captures.length === 0) return null;
  if (step === null) return captures.at(-1)!;
  return captures.findLast((capture) => capture.step <= step) ?? captures[0];
}

function captureOf({ runId, step, inspection }: Extract<WorkerEvent, { type: 'inspection' }>): Capture {
  return { runId, step, inspection };
}

function isPassage(text: Uint8Array, passage: string): boolean {
  const wanted = encodeText(passage);
  return text.length <= wanted.length && text.every((byte, at) => byte === wanted[at]);
}
