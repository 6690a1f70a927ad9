import type { StoreApi } from 'zustand/vanilla';
import type { WorkerEvent } from '../../protocol/events.ts';
import { surplusRecords } from './record-bounds.ts';
import { setPlace } from './run-places.ts';
import type { RunPlaces } from './run-places.ts';
import type { RunState } from './run-state.ts';
import { bringBackRuns } from './runs.ts';
import type { RunsState, RunsStore } from './runs.ts';
import { readRecord, recordOf } from './stored-record.ts';
import type { FoundRecord, StoredRecord } from './stored-record.ts';
import type { WorkerLink } from './worker-link.ts';

/** What of a record changes while it lies there. */
type Changes = Partial<Pick<StoredRecord, 'name' | 'pin' | 'place'>>;

/** Where records lie. Each has an id of its own, and is written by the page that has its run under way. */
export interface RecordStorage {
  /** All that is there, with ids; of whatever version. */
  list(): Promise<readonly (readonly [string, unknown])[]>;
  /** Those of some places whose run a page has under way, this one included. */
  underWay(places: readonly string[]): Promise<readonly string[]>;
  write(id: string, record: StoredRecord): Promise<void>;
  /** Leaves all else as any page has written it, and what is gone gone. */
  change(id: string, changes: Changes): Promise<void>;
  forget(ids: readonly string[]): Promise<void>;
}

interface Parts {
  storage: RecordStorage;
  run: StoreApi<RunState>;
  runs: RunsStore;
  places: RunPlaces;
  worker: Pick<WorkerLink, 'listen'>;
  newId(): string;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The record of a run of this page, and how many steps it had when all records were last held against their bounds. */
type Known = Pick<FoundRecord, 'place' | 'begunAt'> & { id: string; steps: number };

/** Events after which a run stands, or has more to tell than its curve. */
const TELLING = new Set<WorkerEvent['type']>(['paused', 'done', 'diverged', 'failed', 'lost', 'scored']);
/** A curve of so many steps, 1 MB, is written with each copy of its run. */
const FEW_STEPS = 10_000;
/** A longer one, while its run goes on, each time that it has grown by so much: all in all five times as much as it has at last. */
const GROWTH = 1.25;

/**
 * Keeps what Compare knows of runs in the browser, so that a comparison outlives the page: names, settings, curves, figures and
 * pins, without models. It never fails; where that cannot be done, it says so once in the state.
 */
export class StoredRecords {
  private readonly parts: Parts;
  /** By the numbers of their runs. */
  private readonly known = new Map<number, Known>();
  /** Ids of all that this page has had: what it let go does not come back. */
  private readonly seen = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();
  private isOpened = false;
  private hasFailed = false;

  constructor(parts: Parts) {
    this.parts = parts;
    const { worker, run, runs, places } = parts;
    worker.listen((event) => {
      const { runId } = run.getState();
      if (!('runId' in event) || event.runId !== runId) return;
      if (event.type === 'kept') this.keep(runId, false);
      else if (TELLING.has(event.type)) this.keep(runId);
    });
    places.subscribe(({ of }) => {
      for (const [runId, place] of of) this.notePlace(runId, place);
    });
    runs.subscribe((state, before) => this.follow(state, before));
  }

  /**
   * Puts the runs that are kept, and that no page has under way, among those of this page. Later on these are the ones of other
   * tabs, whose pins are theirs. Says whether there are any.
   *
   * @param unpinned whether none of them is drawn before somebody asks for it
   */
  async open(unpinned = false): Promise<boolean> {
    const { storage, runs, places } = this.parts;
    const stored = await storage.list().catch(() => []);
    const doubles = new Set(surplusRecords(stored));
    const found = stored
      .filter(([id]) => !this.seen.has(id) && !doubles.has(id))
      .flatMap(([id, each]) => {
        const record = readRecord(each);
        return record === null ? [] : [{ id, ...record }];
      })
      .toSorted((a, b) => a.begunAt - b.begunAt);
    const wanted = found.flatMap(({ place }) => place ?? []);
    const taken = new Set([
      ...(await storage.underWay(wanted).catch(() => [])),
      ...[...this.known.values()].map(({ place }) => place),
    ]);
    const free = found.filter(({ id, place }) => !this.seen.has(id) && (place === null || !taken.has(place)));
    const keepsPins = !this.isOpened && !unpinned;
    this.isOpened = true;
    const numbers = bringBackRuns(
      runs,
      free.map(({ run }) => (keepsPins ? run : { ...run, pin: null })),
    );
    free.forEach(({ id, place, begunAt }, at) => {
      const runId = numbers[at];
      if (runId === null) return;
      this.seen.add(id);
      this.known.set(runId, { id, place, begunAt, steps: 0 });
      if (place !== null) setPlace(places, runId, place);
    });
    return numbers.some((runId) => runId !== null);
  }

  /** Has nothing more to say about what could not be kept. */
  closeUnkept(): void {
    this.parts.runs.setState({ unkept: null });
  }

  private follow({ runs, presentId, removed }: RunsState, before: RunsState): void {
    if (presentId !== before.presentId && before.presentId !== null) this.keep(before.presentId);
    if (removed !== null && removed !== before.removed) this.forget(removed.run.id);
    const back = before.removed?.run.id;
    if (back !== undefined && removed === null && runs.some(({ id }) => id === back)) this.keep(back);
    if (runs === before.runs) return;
    for (const { id, name, pin } of runs) {
      const former = before.runs.find((other) => other.id === id);
      if (former !== undefined && (former.name !== name || former.pin !== pin)) this.change(id, { name, pin });
    }
  }

  private notePlace(runId: number, place: string): void {
    const known = this.known.get(runId);
    if (known === undefined || known.place === place) return;
    known.place = place;
    this.change(runId, { place });
  }

  /**
   * Keeps a run as it is now; a long one that goes on only where much has come since. One that has made no step is none, and one
   * of a link comes with that.
   */
  private keep(runId: number, always = true): void {
    const { storage, runs, places, newId, now } = this.parts;
    const run = runs.getState().runs.find(({ id }) => id === runId);
    if (run === undefined || run.origin === 'link' || run.metrics.madeSteps === 0) return;
    const before = this.known.get(runId);
    const place = places.getState().of.get(runId) ?? null;
    const known = before ?? { id: newId(), place, begunAt: now(), steps: 0 };
    const steps = run.metrics.step.length;
    const hasGrown = before === undefined || steps >= Math.max(FEW_STEPS, GROWTH * before.steps);
    const isBack = steps < known.steps;
    if (!always && !hasGrown && !isBack && steps >= FEW_STEPS) return;
    this.known.set(runId, known);
    this.seen.add(known.id);
    if (hasGrown || isBack) known.steps = steps;
    // Its columns go on growing.
    const record = recordOf(run, known);
    this.inTurn(async () => {
      await storage.write(known.id, record);
      if (!hasGrown) return;
      const surplus = surplusRecords(await storage.list());
      if (surplus.length > 0) await storage.forget(surplus);
    });
  }

  private change(runId: number, changes: Changes): void {
    const known = this.known.get(runId);
    if (known !== undefined) this.inTurn(() => this.parts.storage.change(known.id, changes));
  }

  private forget(runId: number): void {
    const known = this.known.get(runId);
    if (known !== undefined) this.inTurn(() => this.parts.storage.forget([known.id]));
  }

  /** What is done takes effect in the order in which it was asked for. */
  private inTurn(action: () => Promise<void>): void {
    this.turn = this.turn.then(action).catch((error: unknown) => {
      if (this.hasFailed) return;
      this.hasFailed = true;
      this.parts.runs.setState({ unkept: error instanceof Error ? error.message : String(error) });
    });
  }
}
