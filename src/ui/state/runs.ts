import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { PresetId } from '../../config/presets.ts';
import type { RunConfig } from '../../config/types.ts';
import { settingsKey } from '../compare/seeds/seed-groups.ts';
import { freeName, runName } from '../compare/run-name.ts';
import type { RunText } from '../../comparison/same-bytes.ts';
import type { FirstWeights } from '../../protocol/first-weights.ts';
import type { CurvesStore } from './curves.ts';
import type { RunMetrics } from './run-metrics.ts';
import type { ModelFacts, RunState } from './run-state.ts';

/** A run of this browser, or the curve of one that came with a link: what was set, and what was measured. */
export interface RunRecord {
  /** Its number in the run state; negative for one that was there before the page, or came with a link. */
  id: number;
  /** Trained in this browser, on this visit or before; or a link brought it, with a few points of its losses. */
  origin: 'visit' | 'link';
  name: string;
  /** What the form counted from when it began. */
  preset: PresetId;
  /** As it began, with what it has taken up since. */
  config: RunConfig;
  /** The text that it learned from; null until it is loaded, and where a link brought the curve. */
  text: RunText | null;
  /** The weights that it began with; left out where they were drawn from its seed. */
  firstWeights?: FirstWeights;
  /** Columns that grow while the run is the present one. */
  metrics: RunMetrics;
  model: ModelFacts | null;
  /** Number of its dash among the pinned runs; null when it is not pinned. */
  pin: number | null;
}

export interface RunsState {
  /** Oldest first. */
  runs: readonly RunRecord[];
  /** The run that the charts of the page follow; null when there is none. */
  presentId: number | null;
  /** The run that was removed last, to take back, and where it was. */
  removed: { run: RunRecord; at: number } | null;
  /** Why runs do not outlive the page, until somebody has read that. */
  unkept: string | null;
}

export type RunsStore = StoreApi<RunsState>;

export const MAX_RUNS = 24;
export const MAX_PINS = 4;
/** The newest run is drawn anyway, so that its pin is one more; it keeps that when another is the newest. */
const PIN_PLACES = MAX_PINS + 1;

/** Follows the page's runs: each is kept when another takes its place, unless it never made a step. */
export function keepRuns(parts: { run: StoreApi<RunState>; curves: CurvesStore }): RunsStore {
  const runs = createStore<RunsState>(() => ({ runs: [], presentId: null, removed: null, unkept: null }));
  parts.run.subscribe((state, before) => {
    if (state.config === before.config && state.model === before.model && state.runCorpus === before.runCorpus) return;
    runs.setState((kept) => follow(kept, state, parts.curves));
  });
  // A run that goes back has other columns from then on.
  parts.curves.subscribe(({ metrics }, before) => {
    if (metrics === before.metrics) return;
    const { runId } = parts.run.getState();
    runs.setState((kept) => ({
      runs:
        kept.presentId === runId ? kept.runs.map((run) => (run.id === runId ? { ...run, metrics } : run)) : kept.runs,
    }));
  });
  return runs;
}

function follow(
  { runs, presentId }: RunsState,
  { runId, config, preset, model, runCorpus: corpus, adopted, firstWeights }: RunState,
  curves: CurvesStore,
): Partial<RunsState> {
  const ended = runs.filter(({ id, metrics }) => id === runId || metrics.madeSteps > 0);
  if (config === null) return { runs: ended, presentId: null };
  const text = corpus && { name: corpus.name, sha256: corpus.sha256 };
  if (presentId === runId) {
    const grown = (run: RunRecord): RunRecord => ({
      ...run,
      config,
      model,
      text: text ?? run.text,
      firstWeights: firstWeights ?? undefined,
    });
    return { runs: ended.map((run) => (run.id === runId ? grown(run) : run)), presentId };
  }
  // A run that goes on is in the list once.
  const before = ended.find(({ id }) => id === adopted?.inPlaceOf);
  const others = ended.filter((run) => run !== before);
  const name = before?.name ?? adopted?.name ?? runName(config);
  const begun: RunRecord = {
    id: runId,
    origin: 'visit',
    name: freeName(
      name,
      others.map((run) => run.name),
    ),
    preset,
    config,
    text,
    ...(firstWeights && { firstWeights }),
    metrics: curves.getState().metrics,
    model,
    pin: before?.pin ?? null,
  };
  // By then a removal was no slip; or its run is back by itself, as the one that goes on with it.
  return { runs: withinLimit([...others, begun], begun), presentId: runId, removed: null };
}

/** Whether nobody has begun a run on this visit, or sent a curve; runs that were kept before may be there. */
export function isUntouched({ runs }: Pick<RunsState, 'runs'>): boolean {
  return runs.every(({ id, origin }) => id < 0 && origin === 'visit');
}

const SENT_NAME = 'from the link';

/** What comes with a link: a name only where somebody has given one, or it is one of several. */
type SentCurve = Pick<RunRecord, 'config' | 'preset' | 'metrics'> & Partial<Pick<RunRecord, 'name'>>;

/** Puts runs that came with a link before all of this visit, in their order, pinned as long as there are pins left. Their numbers. */
export function addSentRuns(store: RunsStore, sent: readonly SentCurve[]): readonly number[] {
  const { runs } = store.getState();
  const before = Math.min(0, ...runs.map(({ id }) => id));
  const records: RunRecord[] = [];
  for (const { name, ...run } of sent) {
    const all = [...runs, ...records];
    records.push({
      ...run,
      id: before - 1 - records.length,
      origin: 'link',
      name: freeName(
        name === undefined ? SENT_NAME : `${name} ${SENT_NAME}`,
        all.map((other) => other.name),
      ),
      text: null,
      model: null,
      pin: freePin(all),
    });
  }
  if (records.length > 0) {
    store.setState({ runs: records.reduceRight((all, record) => withinLimit([record, ...all], record), runs) });
  }
  return records.map(({ id }) => id);
}

/**
 * Puts runs that were kept before all others, oldest first, as far as there is room for them: the pinned ones and the newest.
 * Their numbers, in the order of the runs; null for one that finds no room.
 */
export function bringBackRuns(
  store: RunsStore,
  kept: readonly Omit<RunRecord, 'id' | 'origin'>[],
): readonly (number | null)[] {
  const { runs } = store.getState();
  const room = MAX_RUNS - runs.length;
  const wanted = [
    ...kept.filter(({ pin }) => pin !== null).toReversed(),
    ...kept.filter(({ pin }) => pin === null).toReversed(),
  ];
  const back = new Set(wanted.slice(0, Math.max(0, room)));
  let next = Math.min(0, ...runs.map(({ id }) => id));
  let all = [...runs];
  const numbers = kept.map((run) => {
    if (!back.has(run)) return null;
    const isTaken = all.some(({ pin }) => pin === run.pin);
    const pin = run.pin === null ? null : isTaken || run.pin >= PIN_PLACES ? freePin(all) : run.pin;
    const name = freeName(
      run.name,
      all.map((other) => other.name),
    );
    all = [...all, { ...run, id: --next, origin: 'visit', name, pin }];
    return next;
  });
  store.setState({ runs: [...all.slice(runs.length), ...runs] });
  return numbers;
}

/** The oldest that nobody pinned goes first; the newest stays, and so does the one that has just come. */
function withinLimit(runs: readonly RunRecord[], come: RunRecord): readonly RunRecord[] {
  if (runs.length <= MAX_RUNS) return runs;
  const oldest = runs.findIndex((run, at) => run.pin === null && run !== come && at < runs.length - 1);
  return runs.filter((_, at) => at !== Math.max(0, oldest));
}

/** Pins a run, with the first free dash, or takes the pin away; more pins than are possible are refused. */
export function togglePin(store: RunsStore, id: number): void {
  store.setState((state) => {
    if (!canPin(state, id)) return {};
    const free = freePin(state.runs);
    return { runs: state.runs.map((run) => (run.id === id ? { ...run, pin: run.pin === null ? free : null } : run)) };
  });
}

/** The first pin that no run has. */
function freePin(runs: readonly RunRecord[]): number | null {
  const taken = runs.map(({ pin }) => pin);
  return Array.from({ length: PIN_PLACES }, (_, pin) => pin).find((pin) => !taken.includes(pin)) ?? null;
}

/** Whether a run is pinned, or can be beside those that are. */
export function canPin({ runs }: Pick<RunsState, 'runs'>, id: number): boolean {
  const newest = runs.at(-1)?.id;
  const pinned = runs.filter(({ pin }) => pin !== null);
  if (pinned.some((run) => run.id === id)) return true;
  if (pinned.length >= PIN_PLACES) return false;
  return id === newest || pinned.filter((run) => run.id !== newest).length < MAX_PINS;
}

const LONGEST_NAME = 40;
/** What the lines of the present run are called. */
const LINE_NAMES = ['train', 'validation'];

/** A name of nothing but spaces leaves the old one. */
export function renameRun(store: RunsStore, id: number, text: string): void {
  const name = text.trim().replace(/\s+/g, ' ').slice(0, LONGEST_NAME);
  if (name === '') return;
  store.setState(({ runs }) => {
    const others = [...LINE_NAMES, ...runs.filter((run) => run.id !== id).map((run) => run.name)];
    return { runs: runs.map((run) => (run.id === id ? { ...run, name: freeName(name, others) } : run)) };
  });
}

/** Forgets a run, all but the present one. */
export function removeRun(store: RunsStore, id: number): void {
  store.setState(({ runs, presentId, removed }) => {
    const at = runs.findIndex((run) => run.id === id);
    if (at < 0 || id === presentId) return { removed };
    return { runs: runs.filter((run) => run.id !== id), removed: { run: runs[at], at } };
  });
}

/** Offers the run that was removed last no more. */
export function forgetRemoved(store: RunsStore): void {
  store.setState({ removed: null });
}

/** Takes the last removal back. */
export function restoreRun(store: RunsStore): void {
  store.setState(({ runs, removed }) => {
    if (removed === null) return {};
    const { run, at } = removed;
    const taken = runs.map(({ pin }) => pin);
    const back = {
      ...run,
      name: freeName(
        run.name,
        runs.map(({ name }) => name),
      ),
      pin: taken.includes(run.pin) ? null : run.pin,
    };
    return { runs: withinLimit([...runs.slice(0, at), back, ...runs.slice(at)], back), removed: null };
  });
}

/**
 * The runs of a comparison: the pinned ones and the newest; without a pin, beside the newest the last one before it that
 * differs in more than its seed, or the last one at all where none does.
 */
export function comparedRuns({ runs }: Pick<RunsState, 'runs'>): readonly RunRecord[] {
  const newest = runs.at(-1);
  if (newest === undefined) return [];
  const before = runs.slice(0, -1);
  const pinned = before.filter(({ pin }) => pin !== null);
  if (pinned.length > 0 || newest.pin !== null) return [...pinned, newest];
  const settings = settingsKey(newest);
  const other = before.findLast((run) => settings === null || settingsKey(run) !== settings) ?? before.at(-1);
  return other === undefined ? [newest] : [other, newest];
}
