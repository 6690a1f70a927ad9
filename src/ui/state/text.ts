import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { hasMerges } from '../../config/has-merges.ts';
import type { RunConfig } from '../../config/types.ts';
import type { WorkerEvent } from '../../protocol/events.ts';
import { canAnswer } from './inspection.ts';
import type { RunState } from './run-state.ts';
import { followOffers, offerOf } from './passages.ts';
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

/** Who writes: all hierarchies, all but the one of this factor, or first all, then all but each one in turn. */
export type WrittenBy = 'all' | 'each' | number;

/** A text that the model writes or wrote. Times are milliseconds of the page's clock. */
export interface Writing {
  requestId: number;
  runId: number;
  /** Factor of the hierarchy that is left out of every merge; null where none is. */
  without: number | null;
  /** Whether one could have been left out. */
  hadChoice: boolean;
  /** Step of the run at which it was begun; null until the first bytes come. */
  step: number | null;
  /** To which training had come at its last bytes. */
  lastStep: number | null;
  prompt: Uint8Array;
  /** All new bytes so far. */
  bytes: Uint8Array;
  settings: WritingSettings;
  askedAt: number;
  first: { at: number; bytes: number } | null;
  last: { at: number; bytes: number } | null;
  /** `waiting`: for the text before it. `cut`: its run ended before the text did. `failed`: for want of memory. */
  status: 'waiting' | 'writing' | 'stopping' | 'done' | 'stopped' | 'cut' | 'failed';
  /** Why it failed. */
  failure: string | null;
}

export interface TextState {
  /** As typed. */
  prompt: string;
  settings: WritingSettings;
  by: WrittenBy;
  /** Those that were asked for last: more than one where each is. */
  writings: readonly Writing[];
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

export const initialTextState: TextState = {
  prompt: offerOf(null).prompt,
  settings: { temperature: 0.8, topK: 25, seed: 0, length: 256 },
  by: 'all',
  writings: [],
  own: '',
  asBytes: false,
};

/** Has the model continue a prompt, one text at a time. */
export class TextWriter {
  readonly store = createStore<TextState>(() => initialTextState);
  private readonly parts: WriterParts;

  constructor(parts: WriterParts) {
    this.parts = parts;
    parts.worker.listen((event) => this.receive(event));
    parts.run.subscribe((state) => this.follow(state));
    followOffers(parts.run, ({ prompt }, before) => {
      if (this.store.getState().prompt === before.prompt) this.setPrompt(prompt);
    });
  }

  /** Begins a text, or one by each, unless one is being written or there is no model. */
  write(prompt: Uint8Array): void {
    const { run, worker, now } = this.parts;
    const { settings, by, writings } = this.store.getState();
    const { runId, phase, config } = run.getState();
    if (!canAnswer(phase) || writings.some(isUnderWay)) return;
    const factors = factorsToOmit(config);
    const asked = omissions(by, factors).map((without): Writing => ({
      requestId: worker.newRequestId(),
      runId,
      without,
      hadChoice: factors.length > 0,
      step: null,
      lastStep: null,
      prompt,
      bytes: new Uint8Array(0),
      settings,
      askedAt: now(),
      first: null,
      last: null,
      status: 'waiting',
      failure: null,
    }));
    this.store.setState({ writings: asked });
    this.begin();
  }

  /** Ends the text where it is, and begins none of those that wait; bytes that are on their way still come. */
  stop(): void {
    const { writings } = this.store.getState();
    const current = writings.find(({ status }) => status === 'writing');
    if (!current) return;
    this.parts.worker.send({ type: 'stop-sample', requestId: current.requestId });
    this.endThose('stopping');
  }

  setBy(by: WrittenBy): void {
    this.store.setState({ by });
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

  /** Begins the next of those that wait. */
  private begin(): void {
    const { run, worker, now } = this.parts;
    const next = this.store.getState().writings.find(({ status }) => status === 'waiting');
    if (!next) return;
    const { requestId, prompt, without, settings } = next;
    this.change({ ...next, askedAt: now(), status: 'writing' });
    const muted = without === null ? {} : { muted: factorsToOmit(run.getState().config).indexOf(without) };
    worker.send({ type: 'sample', requestId, prompt, ...settings, ...muted });
  }

  private change(changed: Writing): void {
    const { writings } = this.store.getState();
    this.store.setState({
      writings: writings.map((each) => (each.requestId === changed.requestId ? changed : each)),
    });
  }

  /** Says of the text under way that it ends, and gives up those that wait for it. */
  private endThose(status: 'stopping' | 'cut'): void {
    const { writings } = this.store.getState();
    this.store.setState({
      writings: writings
        .filter((each) => each.status !== 'waiting')
        .map((each) => (isUnderWay(each) ? { ...each, status } : each)),
    });
  }

  private follow({ runId, phase }: RunState): void {
    const current = this.store.getState().writings.find(isUnderWay);
    if (current && (current.runId !== runId || !canAnswer(phase))) this.endThose('cut');
  }

  private receive(event: WorkerEvent): void {
    if (event.type !== 'sample' && event.type !== 'sample-failed') return;
    const { requestId, runId } = event;
    const writing = this.store.getState().writings.find((each) => each.requestId === requestId && each.runId === runId);
    if (!writing) return;
    if (event.type === 'sample-failed') {
      this.change({ ...writing, status: 'failed', failure: event.message });
      return;
    }
    // Bytes are cumulative: one with fewer of them is older than what is shown.
    if (!isUnderWay(writing) || event.bytes.length < writing.bytes.length) return;
    const at = { at: this.parts.now(), bytes: event.bytes.length };
    const grew = at.bytes > writing.bytes.length;
    this.change({
      ...writing,
      step: event.step,
      lastStep: event.lastStep,
      bytes: event.bytes,
      first: writing.first ?? (grew ? at : null),
      last: grew ? at : writing.last,
      status: event.done ? (at.bytes < writing.settings.length ? 'stopped' : 'done') : writing.status,
    });
    if (event.done) this.begin();
  }
}

export function isUnderWay({ status }: Pick<Writing, 'status'>): boolean {
  return status === 'writing' || status === 'stopping';
}

/** Factors of the hierarchies that a run's model can write without: none where there is one, or nothing is merged. */
export function factorsToOmit(config: Pick<RunConfig, 'model'> | null): number[] {
  return config !== null && hasMerges(config.model) ? config.model.hierarchies.map(({ factor }) => factor) : [];
}

/** What is left out of the texts that a choice asks for, of these factors: null where nothing is. */
function omissions(by: WrittenBy, factors: readonly number[]): (number | null)[] {
  if (by === 'each') return [null, ...factors];
  return [typeof by === 'number' && factors.includes(by) ? by : null];
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
