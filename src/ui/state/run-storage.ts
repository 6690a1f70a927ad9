import { createStore, delMany, entries, get, getMany, set, setMany } from 'idb-keyval';
import type { FoundRun, RunStorage, StoredRun } from './stored-runs.ts';
import type { OwnText } from './text-opener.ts';

/** The text of a run lies beside it, under its id after this. */
const TEXT = 'text of ';

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
  const read = async (id: string): Promise<FoundRun | null> => {
    const [run, text] = await getMany<StoredRun | OwnText>([id, TEXT + id], opened());
    if (run === undefined || !isRun(run)) return null;
    return { ...run, id, text: text === undefined || isRun(text) ? null : text };
  };
  let persists: Promise<unknown> | null = null;
  return {
    list: async () => {
      const [stored, underWay] = await Promise.all([entries<string, StoredRun | OwnText>(opened()), lockNames()]);
      const all = new Map(stored);
      return [...all].flatMap(([id, run]) => {
        if (!isRun(run) || underWay.has(lockName(id))) return [];
        const text = all.get(TEXT + id);
        return [{ ...run, id, text: text === undefined || isRun(text) ? null : text }];
      });
    },
    write: async (id, run, text) => {
      await setMany([[id, run], ...(text ? [[TEXT + id, text] as [string, OwnText]] : [])], opened());
      persists ??= persist();
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
        await delMany([id, TEXT + id], opened());
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

function isRun(stored: StoredRun | OwnText): stored is StoredRun {
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
