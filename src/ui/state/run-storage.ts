import { createStore, delMany, get, getMany, keys, set, setMany } from 'idb-keyval';
import type { MetricsBatch } from '../../protocol/events.ts';
import { cutBatch, joinBatches, PART_STEPS } from './curve-parts.ts';
import type { FoundRun, RunStorage, StoredRun } from './stored-runs.ts';
import type { OwnText } from './text-opener.ts';

/** The text of a run lies beside it, under its id after this. */
const TEXT = 'text of ';
/** So do parts of its curve, under this, its id and their number. */
const CURVE = 'curve of ';

/** The curve in it begins behind that of the parts; runs that earlier versions have stored are whole. */
type StoredEntry = StoredRun & { parts?: number };

interface StoredPart {
  batch: MetricsBatch;
}

const partKey = (id: string, part: number): string => `${CURVE}${id}/${part}`;

/** What a page locks that has a run under way, by the id of the run; the lock goes when the page does. */
export function lockName(id: string): string {
  return `strata run ${id}`;
}

/** The browser's IndexedDB, which holds files and columns as they are. Opened when it is first used. */
export function browserRunStorage(): RunStorage {
  let store: ReturnType<typeof createStore> | undefined;
  const opened = (): ReturnType<typeof createStore> => (store ??= createStore('strata', 'runs'));
  let held: HeldLock | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  /** Claims take effect in the order in which they were made. */
  const inTurn = <T>(action: () => Promise<T>): Promise<T> => {
    const result = turn.then(action);
    turn = result.catch(() => {});
    return result;
  };
  const exchange = async (next: HeldLock | null): Promise<void> => {
    const { released } = held ?? {};
    held?.giveBack();
    held = next;
    await released;
  };
  const readEntry = async (id: string): Promise<(FoundRun & StoredEntry) | null> => {
    const [run, text] = await getMany<StoredEntry | OwnText>([id, TEXT + id], opened());
    if (run === undefined || !isRun(run)) return null;
    return { ...run, id, text: text === undefined || isRun(text) ? null : text };
  };
  const read = async (id: string): Promise<FoundRun | null> => {
    const entry = await readEntry(id);
    if (entry === null) return null;
    const { parts: count = 0, ...run } = entry;
    const numbers = Array.from({ length: count }, (_, part) => partKey(id, part));
    const parts = await getMany<StoredPart | undefined>(numbers, opened());
    // Where the site's data was cleared meanwhile the curve begins later.
    const there = parts.slice(parts.lastIndexOf(undefined) + 1).flatMap((part) => part?.batch ?? []);
    return { ...run, history: { ...run.history, batch: joinBatches([...there, run.history.batch]) } };
  };
  let persists: Promise<unknown> | null = null;
  return {
    list: async () => {
      const [stored, underWay] = await Promise.all([keys<string>(opened()), lockNames()]);
      const isBeside = (key: string): boolean => key.startsWith(TEXT) || key.startsWith(CURVE);
      const free = stored.filter((key) => !isBeside(key) && !underWay.has(lockName(key)));
      const found = await Promise.all(free.map(readEntry));
      return found.filter((run) => run !== null);
    },
    write: async (id, run, text, stands) => {
      const { batch } = run.history;
      const before = stands / PART_STEPS;
      // What is left has a step at least: it says how long the run has trained.
      const whole = Math.max(0, Math.ceil(batch.step.length / PART_STEPS) - 1);
      const cut = (part: number): MetricsBatch => cutBatch(batch, part * PART_STEPS, (part + 1) * PART_STEPS);
      const history = whole === 0 ? run.history : { ...run.history, batch: cut(whole) };
      const entry: StoredEntry = { ...run, history, parts: before + whole };
      const parts = Array.from({ length: whole }, (_, part): [string, StoredPart] => [
        partKey(id, before + part),
        { batch: cut(part) },
      ]);
      const written: [string, StoredEntry | StoredPart | OwnText][] = [[id, entry], ...parts];
      if (text !== null) written.push([TEXT + id, text]);
      await setMany(written, opened());
      persists ??= persist();
      return PART_STEPS * entry.parts!;
    },
    rename: (id, name) =>
      inTurn(async () => {
        const action = async (): Promise<true> => {
          const run = await get<StoredRun>(id, opened());
          if (run !== undefined) await set(id, { ...run, name }, opened());
          return true;
        };
        // A page has its last run until the next one is kept, and cannot take a lock twice.
        return held?.name === lockName(id) ? action() : ((await whileFree(id, action)) ?? false);
      }),
    forget: async (id) => {
      const given = await whileFree(id, async () => {
        const found = await read(id);
        const parts = (await keys<string>(opened())).filter((key) => key.startsWith(`${CURVE}${id}/`));
        await delMany([id, TEXT + id, ...parts], opened());
        return found ?? 'gone';
      });
      return given ?? 'under way';
    },
    hold: () =>
      inTurn(async () => {
        const id = crypto.randomUUID();
        await exchange(await lock(lockName(id)));
        return id;
      }),
    take: (id) =>
      inTurn(async () => {
        const taken = await lock(lockName(id));
        if (taken === null) return 'under way';
        const found = await read(id).catch((error: unknown) => {
          taken.giveBack();
          throw error;
        });
        if (found === null) {
          taken.giveBack();
          return 'gone';
        }
        await exchange(taken);
        return found;
      }),
    release: () => inTurn(() => exchange(null)),
  };
}

/** Does something with a run, and keeps every page from beginning it meanwhile; null where one has it under way. */
async function whileFree<T>(id: string, action: () => Promise<T>): Promise<T | null> {
  const taken = await lock(lockName(id));
  if (taken === null) return null;
  try {
    return await action();
  } finally {
    taken.giveBack();
    await taken.released;
  }
}

/**
 * Asks the browser to clear nothing of this site's when a disk runs full, now that there is something to lose. Only where
 * it decides that by itself: Firefox would put the question to the visitor.
 */
async function persist(): Promise<void> {
  if (navigator.userAgent.includes('Firefox/')) return;
  await navigator.storage.persist().catch(() => {});
}

function isRun(stored: StoredEntry | OwnText): stored is StoredEntry {
  return 'step' in stored;
}

async function lockNames(): Promise<Set<string | undefined>> {
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name }) => name));
}

interface HeldLock {
  name: string;
  giveBack(): void;
  /** Settles when others see that it is free. */
  released: Promise<unknown>;
}

/** Takes a lock; null where another page has it. */
function lock(name: string): Promise<HeldLock | null> {
  let giveBack = (): void => {};
  const given = new Promise<void>((resolve) => (giveBack = resolve));
  return new Promise((resolve, reject) => {
    const released = navigator.locks.request(name, { ifAvailable: true }, (available) => {
      resolve(available && { name, giveBack, released });
      return available && given;
    });
    released.catch(reject);
  });
}
