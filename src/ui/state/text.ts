import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { WorkerEvent } from '../../protocol/events.ts';
import { canAnswer } from './inspection.ts';
import type { RunState } from './run-state.ts';
import type { WorkerLink } from './worker-link.ts';

/** How the model is to write. */
export interface WritingSettings {
  /** 0 always takes the likeliest byte. */
  temperature: number;
  /** How many of the likeliest bytes may be drawn. */
  topK: number;
  seed: number;
  /** New bytes. */
  length: number;
}

/** Least and most of each setting, and from which steps. */
export const settingRanges: Record<keyof WritingSettings, { min: number; max: number; step: number }> = {
  temperature: { min: 0, max: 1.5, step: 0.05 },
  topK: { min: 1, max: 256, step: 1 },
  seed: { min: 0, max: 2 ** 32 - 1, step: 1 },
  length: { min: 1, max: 1000, step: 1 },
};

/** A text that the model writes or wrote. Times are milliseconds of the page's clock. */
export interface Writing {
  requestId: number;
  runId: number;
  /** Step of the run at which it was begun; null until the first bytes come. */
  step: number | null;
  /** To which training had come at its last bytes. */
  lastStep: number | null;
  prompt: Uint8Array;
  /** All new bytes so far. */
  bytes: Uint8Array;
  length: number;
  askedAt: number;
  first: { at: number; bytes: number } | null;
  last: { at: number; bytes: number } | null;
  /** `cut`: its run ended before the text did. */
  status: 'writing' | 'stopping' | 'done' | 'stopped' | 'cut';
}

export interface TextState {
  /** As typed. */
  prompt: string;
  settings: WritingSettings;
  writing: Writing | null;
  /** A text of the visitor's own, to be read for what its bytes cost; as typed. */
  own: string;
  /** Whether every byte is shown by itself, with a mark where it is no character. */
  asBytes: boolean;
}

export interface WriterParts {
  run: StoreApi<RunState>;
  worker: Pick<WorkerLink, 'send' | 'newRequestId' | 'listen'>;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
}

/** Has the model continue a prompt, one text at a time. */
export class TextWriter {
  readonly store = createStore<TextState>(() => ({
    prompt: 'Call me ',
    settings: { temperature: 0.8, topK: 25, seed: 0, length: 256 },
    writing: null,
    own: '',
    asBytes: false,
  }));
  private readonly parts: WriterParts;

  constructor(parts: WriterParts) {
    this.parts = parts;
    parts.worker.listen((event) => this.receive(event));
    parts.run.subscribe((state) => this.follow(state));
  }

  /** Begins a text, unless one is being written or there is no model. */
  write(prompt: Uint8Array): void {
    const { run, worker, now } = this.parts;
    const { settings, writing } = this.store.getState();
    const { runId, phase } = run.getState();
    if (!canAnswer(phase) || isUnderWay(writing)) return;
    const requestId = worker.newRequestId();
    const { length, temperature, topK, seed } = settings;
    const begun: Writing = {
      requestId,
      runId,
      step: null,
      lastStep: null,
      prompt,
      bytes: new Uint8Array(0),
      length,
      askedAt: now(),
      first: null,
      last: null,
      status: 'writing',
    };
    this.store.setState({ writing: begun });
    worker.send({ type: 'sample', requestId, prompt, length, temperature, topK, seed });
  }

  /** Ends the text where it is; bytes that are on their way still come. */
  stop(): void {
    const { writing } = this.store.getState();
    if (writing?.status !== 'writing') return;
    this.parts.worker.send({ type: 'stop-sample', requestId: writing.requestId });
    this.store.setState({ writing: { ...writing, status: 'stopping' } });
  }

  setPrompt(prompt: string): void {
    this.store.setState({ prompt });
  }

  /** The nearest value that there is; what is no number changes nothing. */
  set(name: keyof WritingSettings, value: number): void {
    if (!Number.isFinite(value)) return;
    const { min, max, step } = settingRanges[name];
    const whole = step === 1 ? Math.round(value) : value;
    const settings = { ...this.store.getState().settings, [name]: Math.min(max, Math.max(min, whole)) };
    this.store.setState({ settings });
  }

  setOwn(own: string): void {
    this.store.setState({ own });
  }

  setAsBytes(asBytes: boolean): void {
    this.store.setState({ asBytes });
  }

  private follow({ runId, phase }: RunState): void {
    const { writing } = this.store.getState();
    if (writing === null || !isUnderWay(writing)) return;
    if (writing.runId !== runId || !canAnswer(phase)) this.store.setState({ writing: { ...writing, status: 'cut' } });
  }

  private receive(event: WorkerEvent): void {
    const { writing } = this.store.getState();
    if (event.type !== 'sample' || writing === null || !isUnderWay(writing)) return;
    if (event.requestId !== writing.requestId || event.runId !== writing.runId) return;
    // Bytes are cumulative: one with fewer of them is older than what is shown.
    if (event.bytes.length < writing.bytes.length) return;
    const at = { at: this.parts.now(), bytes: event.bytes.length };
    const grew = at.bytes > writing.bytes.length;
    this.store.setState({
      writing: {
        ...writing,
        step: event.step,
        lastStep: event.lastStep,
        bytes: event.bytes,
        first: writing.first ?? (grew ? at : null),
        last: grew ? at : writing.last,
        status: event.done ? (at.bytes < writing.length ? 'stopped' : 'done') : writing.status,
      },
    });
  }
}

export function isUnderWay(writing: Writing | null): boolean {
  return writing?.status === 'writing' || writing?.status === 'stopping';
}

/** Seconds until the first bytes were here, and bytes a second; null where nothing can be said yet. */
export function pace({ askedAt, first, last }: Pick<Writing, 'askedAt' | 'first' | 'last'>): {
  firstSeconds: number | null;
  bytesPerSecond: number | null;
} {
  if (first === null || last === null) return { firstSeconds: null, bytesPerSecond: null };
  const seconds = (last.at - askedAt) / 1000;
  return { firstSeconds: (first.at - askedAt) / 1000, bytesPerSecond: seconds > 0 ? last.bytes / seconds : null };
}
