import type { StoreApi } from 'zustand/vanilla';
import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import { encodeQuery } from '../../config/codec/encode.ts';
import type { ConfigStore } from './config-store.ts';
import type { CurvesStore } from './curves.ts';
import type { RunController } from './run-controller.ts';
import { historyOf, metricsOf, type RunHistory } from './run-history.ts';
import type { EarlierRun, RunState } from './run-state.ts';
import type { OwnText } from './text-opener.ts';

/** A run as it outlives the page. */
export interface StoredRun {
  /** Its configuration as a link, which later versions of the page can still read. */
  query: string;
  step: number;
  /** All that it takes to go on. */
  file: Blob;
  history: RunHistory;
  /** Milliseconds since 1970. */
  keptAt: number;
}

/** A run as it is found again, with the visitor's own text if it was trained on that. */
export interface FoundRun extends StoredRun {
  id: string;
  text: OwnText | null;
}

/** Where runs lie, whatever the page was doing when it was closed. */
export interface RunStorage {
  /** Those that no page has under way. */
  list(): Promise<FoundRun[]>;
  /** Writes a run over what it was before; with a text that stays with it from then on, or without one. */
  write(id: string, run: StoredRun, text: OwnText | null): Promise<void>;
  /** Gives up a run and its text. */
  forget(id: string): Promise<void>;
  /**
   * Says that this page has a run under way, and no longer the one before. Its id, or a new one: where none is given, or
   * another page has that run under way.
   */
  hold(id?: string): Promise<string>;
  /** Says that this page has no run under way any more; settles when every page can see that. */
  release(): Promise<void>;
}

interface Parts {
  storage: RunStorage;
  run: StoreApi<RunState>;
  form: Pick<ConfigStore, 'getState'>;
  curves: CurvesStore;
  controller: Pick<RunController, 'listen' | 'adopt' | 'runText'>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Runs that are kept besides the present one. */
const MOST_RUNS = 5;
const MOST_BYTES = 4 * 2 ** 30;

/**
 * Keeps the page's runs in the browser and offers those that are not under way: at the next visit, and after a reset. It
 * never fails; where a run cannot be kept, it says so in the state.
 */
export class StoredRuns {
  private readonly parts: Parts;
  private offered = new Map<string, FoundRun>();
  /** Where the present run lies; `hasText` says whether its text does as well. */
  private present: { runId: number; id: Promise<string>; hasText: boolean; failed: boolean } | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
    parts.controller.listen((event) => {
      if (event.type === 'kept' && event.runId === parts.run.getState().runId) void this.keep(event.step, event.file);
      if (event.type === 'reset') void this.open();
    });
  }

  /** Looks for runs that can go on and has the page offer them. */
  async open(): Promise<void> {
    const { storage, run, now } = this.parts;
    if (this.present?.runId !== run.getState().runId) {
      this.present = null;
      await storage.release().catch(() => {});
    }
    const stored = await storage.list().catch(() => []);
    const earlier: EarlierRun[] = [];
    this.offered = new Map();
    for (const each of stored.toSorted((a, b) => b.keptAt - a.keptAt)) {
      const { id } = each;
      const link = decodeQuery(each.query);
      const isTextGone = link.config.dataset === 'own' && each.text === null;
      if (linkComplaints(link).length > 0 || isTextGone) continue;
      this.offered.set(id, each);
      const { config, preset } = link;
      const bpb = each.history.validations.at(-1)?.bpb ?? null;
      earlier.push({ id, config, preset, step: each.step, bpb, age: (now() - each.keptAt) / 1000 });
    }
    run.setState({ earlier });
  }

  /** Goes on with a run that was offered. */
  goOn(id: string): void {
    const { storage, run, controller } = this.parts;
    const stored = this.offered.get(id);
    if (!stored) return;
    const { config, preset } = decodeQuery(stored.query);
    const { step, file, history, text } = stored;
    this.withdraw(id);
    controller.adopt({
      config,
      preset,
      kept: { step, file },
      metrics: metricsOf(history, config.model).upTo(step),
      text: config.dataset === 'own' ? text : null,
    });
    // Its text is written once more: should another page have this run under way, it goes on under a new name.
    this.present = { runId: run.getState().runId, id: storage.hold(id), hasText: false, failed: false };
  }

  /** Gives up a run that was offered. */
  async forget(id: string): Promise<void> {
    this.withdraw(id);
    await this.parts.storage.forget(id).catch(() => {});
  }

  /** Says no more why the present run is not kept. */
  closeUnkept(): void {
    this.parts.run.setState({ unkept: null });
  }

  private withdraw(id: string): void {
    this.offered.delete(id);
    this.parts.run.setState(({ earlier }) => ({ earlier: earlier.filter((each) => each.id !== id) }));
  }

  private async keep(step: number, file: Blob): Promise<void> {
    const { storage, run, form, curves, controller, now } = this.parts;
    const { config, runId } = run.getState();
    if (config === null) return;
    const history = historyOf(curves.getState().metrics);
    const stored = { query: encodeQuery(config, form.getState().preset), step, file, history, keptAt: now() };
    const known = this.present?.runId === runId ? this.present : null;
    const present = known ?? { runId, id: storage.hold(), hasText: false, failed: false };
    // A text can be large and never changes, a run is written every 20 s.
    const text = present.hasText ? null : controller.runText;
    this.present = present;
    present.hasText = true;
    try {
      await storage.write(await present.id, stored, text);
    } catch (error) {
      if (text !== null) present.hasText = false;
      // It is said once, and may be closed.
      const message = error instanceof Error ? error.message : String(error);
      if (!present.failed && run.getState().runId === runId) run.setState({ unkept: { why: 'storage', message } });
      present.failed = true;
      return;
    }
    if (present.failed && run.getState().runId === runId) run.setState({ unkept: null });
    present.failed = false;
    if (!known) await this.thinOut().catch(() => {});
  }

  private async thinOut(): Promise<void> {
    const { storage } = this.parts;
    for (const id of surplus(await storage.list())) await storage.forget(id);
  }
}

/** Which of the runs that are not under way to give up: those that trained the shortest, until the rest is not too much. */
function surplus(runs: readonly FoundRun[]): string[] {
  const seconds = ({ history }: StoredRun): number => history.batch.activeSeconds.at(-1) ?? 0;
  const given: string[] = [];
  let kept = 0;
  let bytes = 0;
  for (const run of runs.toSorted((a, b) => seconds(b) - seconds(a))) {
    const size = run.file.size + (run.text?.file.size ?? 0);
    if (kept === MOST_RUNS || bytes + size > MOST_BYTES) given.push(run.id);
    else {
      kept++;
      bytes += size;
    }
  }
  return given;
}
