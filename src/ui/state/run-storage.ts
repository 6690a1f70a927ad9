import { createStore, del, get, set } from 'idb-keyval';
import type { RunStorage, StoredRun } from './last-run.ts';

const KEY = 'last';

/** The browser's IndexedDB, which holds files and columns as they are. Opened when it is first used. */
export function browserRunStorage(): RunStorage {
  let store: ReturnType<typeof createStore> | undefined;
  const opened = (): ReturnType<typeof createStore> => (store ??= createStore('strata', 'runs'));
  return {
    read: async () => get<StoredRun>(KEY, opened()),
    write: async (run) => set(KEY, run, opened()),
    forget: async () => del(KEY, opened()),
  };
}
