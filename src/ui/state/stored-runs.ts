import type { StoreApi } from 'zustand/vanilla';
import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import { encodeQuery } from '../../config/codec/encode.ts';
import type { FirstWeights } from '../../protocol/first-weights.ts';
import type { RunHistory } from '../../protocol/run-history.ts';
import { runName } from '../compare/run-name.ts';
import type { CurvesStore } from './curves.ts';
import { changedSince } from './marks.ts';
import type { RunController } from './run-controller.ts';
import { historyOf, metricsOf } from './run-history.ts';
import type { RunMetrics } from './run-metrics.ts';
import { runAt, setPlace } from './run-places.ts';
import type { RunPlaces } from './run-places.ts';
import type { EarlierRun, RunState } from './run-state.ts';
import { removeRun, restoreRun } from './runs.ts';
import type { RunsState, RunsStore } from './runs.ts';
import type { OwnText, TextOpener } from './text-opener.ts';
import type { WorkerLink } from './worker-link.ts';

/** A run as it outlives the page. */
export interface StoredRun {
  /** What it is called; runs of earlier versions of the page have no name. */
  name?: string;
  /** The step up to which it was trained elsewhere, for a model that came with the page. */
  elsewhere?: number;
  /** What it began with; left out where that was drawn, as in runs of earlier versions of the page. */
  firstWeights?: FirstWeights;
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
  /** Those that no page has under way, with the last steps of their curves alone. */
  list(): Promise<FoundRun[]>;
  /**
   * Writes a run over what it was before; with a text that stays with it from then on, or without one. Its curve goes on behind
   * so many steps that are there already: as many as the last call has told to be there for good.
   */
  write(id: string, run: StoredRun, text: OwnText | null, stands: number): Promise<number>;
  /** Gives a run another name, unless another page has it under way. */
  rename(id: string, name: string): Promise<boolean>;
  /** Gives up a run and its text, and tells what they were. Where a page has it under way it stays. */
  forget(id: string): Promise<FoundRun | 'under way' | 'gone'>;
  /** Says that this page has a new run under way, and no longer the one before. Its id. */
  hold(): Promise<string>;
  /** The same of a run that is kept, which is told as it is by now. Where it cannot be had, the one before stays. */
  take(id: string): Promise<FoundRun | 'under way' | 'gone'>;
  /** Says that this page has no run under way any more; settles when every page can see that. */
  release(): Promise<void>;
}

interface Parts {
  storage: RunStorage;
  run: StoreApi<RunState>;
  curves: CurvesStore;
  /** Knows what runs are called, and which were deleted. */
  runs: RunsStore;
  places: RunPlaces;
  controller: Pick<RunController, 'adopt'>;
  worker: Pick<WorkerLink, 'listen'>;
  texts: Pick<TextOpener, 'ofRun'>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Where the present run lies. */
interface Present {
  runId: number;
  id: Promise<string>;
  /** Whether its text lies there as well. */
  hasText: boolean;
  /** How many steps of these columns are there for good; null before any. */
  curve: { metrics: RunMetrics; steps: number } | null;
  failed: boolean;
}

/** Runs that are kept besides the present one. */
export const MOST_RUNS = 5;
const MOST_BYTES = 4 * 2 ** 30;

/**
 * Keeps the page's runs in the browser and offers those that are not under way: at the next visit, and after a reset. It
 * never fails; where a run cannot be kept, it says so in the state.
 */
export class StoredRuns {
  private readonly parts: Parts;
  private present: Present | null = null;
  /** The run that was given up last, until a new one is kept. */
  private givenUp: FoundRun | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
    parts.worker.listen((event) => {
      if (event.type === 'kept' && event.runId === parts.run.getState().runId) void this.keep(event.step, event.file);
      if (event.type === 'scored' && event.score !== null && event.runId === parts.run.getState().runId)
        void this.keepAgain();
      if (event.type === 'reset') void this.open();
    });
    parts.runs.subscribe((state, before) => {
      for (const { id, name } of state.runs) {
        const known = before.runs.find((other) => other.id === id);
        if (known !== undefined && known.name !== name) void this.rename(id, name);
      }
      if (before.removed !== null && before.removed !== state.removed) void this.settle(before.removed.run.id, state);
    });
  }

  /** Looks for runs that can go on and has the page offer them. Other pages may go on with one, or give it up, at any time. */
  async open(): Promise<void> {
    const { storage, run } = this.parts;
    if (!run.getState().taking && this.present?.runId !== run.getState().runId) {
      this.present = null;
      await storage.release().catch(() => {});
    }
    const stored = await storage.list().catch(() => []);
    const earlier: EarlierRun[] = [];
    for (const each of stored.toSorted((a, b) => b.keptAt - a.keptAt)) {
      const { id } = each;
      const link = decodeQuery(each.query);
      const isTextGone = link.config.dataset === 'own' && each.text === null;
      if (linkComplaints(link).length > 0 || isTextGone) continue;
      const { config, preset } = link;
      const bpb = each.history.validations.at(-1)?.bpb ?? null;
      const name = each.name ?? runName(config);
      const text = config.dataset === 'own' && each.text !== null ? each.text.name : null;
      const since = changedSince(each.history.marks);
      const { step, keptAt, firstWeights } = each;
      earlier.push({
        id,
        name,
        text,
        config,
        preset,
        since,
        firstWeights,
        step,
        bpb,
        keptAt,
        inPlaceOf: this.ofVisit(id),
      });
    }
    run.setState({ earlier, untaken: null });
  }

  /** Goes on with a run that was offered, from where it stands by now; says so where that is not possible any more. */
  async goOn(id: string): Promise<void> {
    const { storage, run, controller } = this.parts;
    const offer = this.withdraw(id);
    if (!offer) return;
    let taken: Awaited<ReturnType<RunStorage['take']>>;
    run.setState({ taking: true });
    try {
      taken = await storage.take(id);
    } catch (error) {
      return this.refuse(offer, `The browser’s storage does not give it: ${messageOf(error)}.`);
    } finally {
      run.setState({ taking: false });
    }
    if (taken === 'under way' || taken === 'gone') return this.refuse(offer, REFUSALS[taken]);
    const { config, preset } = decodeQuery(taken.query);
    const { name, elsewhere, firstWeights, step, file, history, text } = taken;
    controller.adopt({
      config,
      preset,
      kept: { step, file },
      metrics: metricsOf(history, config.model).upTo(step),
      text: config.dataset === 'own' ? text : null,
      name,
      inPlaceOf: this.ofVisit(id),
      elsewhere,
      firstWeights,
    });
    const { runId } = run.getState();
    this.present = { runId, id: Promise.resolve(id), hasText: text !== null, curve: null, failed: false };
    setPlace(this.parts.places, runId, id);
    // The one before stands still now.
    await this.open();
  }

  /** Gives up a run that was offered, and its curve in Compare; `bringBack` has both again. */
  async forget(id: string): Promise<void> {
    const { storage, run, runs } = this.parts;
    const offer = this.withdraw(id);
    const given = await storage.forget(id).catch(() => 'gone' as const);
    if (offer === undefined || given === 'gone') return;
    if (given === 'under way') {
      await this.refuse(offer, REFUSALS[given]);
      return;
    }
    this.givenUp = given;
    run.setState({ givenUp: { id, name: offer.name } });
    if (offer.inPlaceOf !== undefined) removeRun(runs, offer.inPlaceOf);
  }

  /** Keeps the run again that was given up last. */
  async bringBack(): Promise<void> {
    const { storage, run, runs } = this.parts;
    const { givenUp } = this;
    const name = run.getState().givenUp?.name;
    this.forgetGivenUp();
    if (givenUp === null || name === undefined) return;
    const { id, text, ...stored } = givenUp;
    if (runs.getState().removed?.run.id === this.ofVisit(id)) restoreRun(runs);
    try {
      await storage.write(id, stored, text, 0);
      await this.open();
    } catch (error) {
      await this.refuse({ name }, `The browser’s storage does not take it: ${messageOf(error)}.`);
    }
  }

  /** Says no more why the present run is not kept. */
  closeUnkept(): void {
    this.parts.run.setState({ unkept: null });
  }

  /** Says no more that a run could not be had. */
  closeUntaken(): void {
    this.parts.run.setState({ untaken: null });
  }

  /** A run that was deleted in Compare has its model until that is not offered back any more. */
  private async settle(runId: number, { runs }: RunsState): Promise<void> {
    const { storage, places } = this.parts;
    const place = places.getState().of.get(runId);
    if (place === undefined) return;
    const isBack = runs.some(({ id }) => id === runId);
    if (isBack && this.givenUp?.id === place) await this.bringBack();
    if (isBack || this.ofVisit(place) !== runId) return;
    // One that is under way somewhere stays.
    await storage.forget(place).catch(() => {});
    await this.open();
  }

  /** What is offered besides may be out of date as well. */
  private async refuse({ name }: Pick<EarlierRun, 'name'>, why: string): Promise<void> {
    await this.open();
    this.parts.run.setState({ untaken: { name, why } });
  }

  /** Number of the run of this visit that lies there. */
  private ofVisit(id: string): number | undefined {
    return runAt(this.parts.places, id);
  }

  private withdraw(id: string): EarlierRun | undefined {
    const { run } = this.parts;
    const { earlier } = run.getState();
    run.setState({ earlier: earlier.filter((each) => each.id !== id) });
    return earlier.find((each) => each.id === id);
  }

  private forgetGivenUp(): void {
    this.givenUp = null;
    this.parts.run.setState({ givenUp: null });
  }

  private async keep(step: number, file: Blob): Promise<void> {
    const { storage, run, runs, curves, texts, now } = this.parts;
    const { config, preset, runId, adopted, firstWeights } = run.getState();
    if (config === null) return;
    // The page brings it along; what it adds here is worth keeping. The run before stands still all the same.
    if (adopted?.elsewhere === step) {
      if (this.present?.runId !== runId) await this.open();
      return;
    }
    const { metrics } = curves.getState();
    const known = this.present?.runId === runId ? this.present : null;
    // A run that goes back has other columns from then on.
    const stands = known?.curve?.metrics === metrics ? known.curve.steps : 0;
    const history = historyOf(metrics, stands);
    const name = runs.getState().runs.find(({ id }) => id === runId)?.name;
    const query = encodeQuery(config, preset);
    const { elsewhere } = adopted ?? {};
    const stored = {
      name,
      elsewhere,
      firstWeights: firstWeights ?? undefined,
      query,
      step,
      file,
      history,
      keptAt: now(),
    };
    const present: Present = known ?? { runId, id: storage.hold(), hasText: false, curve: null, failed: false };
    // A text can be large and never changes, a run is written every 20 s.
    const text = present.hasText ? null : texts.ofRun;
    this.present = present;
    present.hasText = true;
    try {
      const id = await present.id;
      setPlace(this.parts.places, runId, id);
      present.curve = { metrics, steps: await storage.write(id, stored, text, stands) };
    } catch (error) {
      if (text !== null) present.hasText = false;
      // It is said once, and may be closed.
      const message = messageOf(error);
      if (!present.failed && run.getState().runId === runId) run.setState({ unkept: { why: 'storage', message } });
      present.failed = true;
      return;
    }
    if (present.failed && run.getState().runId === runId) run.setState({ unkept: null });
    present.failed = false;
    if (known) return;
    this.forgetGivenUp();
    await this.thinOut().catch(() => {});
    // The run before stands still now, and may have been thinned out.
    await this.open();
  }

  /** Keeps the present run as it was kept, with what is known of it by now. */
  private async keepAgain(): Promise<void> {
    const { kept, runId } = this.parts.run.getState();
    if (kept !== null && this.present?.runId === runId) await this.keep(kept.step, kept.file);
  }

  /** Keeps the new name of a run of this visit. */
  private async rename(runId: number, name: string): Promise<void> {
    const { storage, run } = this.parts;
    if (runId === run.getState().runId) {
      await this.keepAgain();
      return;
    }
    const place = this.parts.places.getState().of.get(runId);
    if (place === undefined || !(await storage.rename(place, name).catch(() => false))) return;
    run.setState(({ earlier }) => ({ earlier: earlier.map((each) => (each.id === place ? { ...each, name } : each)) }));
  }

  private async thinOut(): Promise<void> {
    const { storage } = this.parts;
    for (const id of surplus(await storage.list())) await storage.forget(id);
  }
}

const REFUSALS = {
  'under way': 'It is under way in another tab.',
  gone: 'It is not kept any more.',
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Which of the runs that are not under way to give up: those that trained the shortest, of equally long ones the oldest, until
 * the rest is not too much.
 */
function surplus(runs: readonly FoundRun[]): string[] {
  const seconds = ({ history }: StoredRun): number => history.batch.activeSeconds.at(-1) ?? 0;
  const given: string[] = [];
  let kept = 0;
  let bytes = 0;
  for (const run of runs.toSorted((a, b) => seconds(b) - seconds(a) || b.keptAt - a.keptAt)) {
    const size = run.file.size + (run.text?.file.size ?? 0);
    if (kept === MOST_RUNS || bytes + size > MOST_BYTES) given.push(run.id);
    else {
      kept++;
      bytes += size;
    }
  }
  return given;
}
