import { createStore, delMany, entries, set, update } from 'idb-keyval';
import { lockName } from './run-storage.ts';
import type { StoredRecord } from './stored-record.ts';
import type { RecordStorage } from './stored-records.ts';

/**
 * A database of its own in the browser's IndexedDB: who lists the few runs that can go on reads none of these, and an earlier
 * version of the page in another tab takes none of these for one. Opened when it is first used.
 */
export function browserRecordStorage(): RecordStorage {
  let store: ReturnType<typeof createStore> | undefined;
  const opened = (): ReturnType<typeof createStore> => (store ??= createStore('strata records', 'records'));
  return {
    list: () => entries<string, unknown>(opened()),
    underWay: async (places) => {
      const { held = [] } = await navigator.locks.query();
      const names = new Set(held.map(({ name }) => name));
      return places.filter((place) => names.has(lockName(place)));
    },
    write: (id, record) => set(id, record, opened()),
    change: async (id, changes) => {
      const gone = new Error('gone');
      // In one transaction, which another tab's cannot come between.
      await update<StoredRecord>(
        id,
        (record) => {
          if (record === undefined) throw gone;
          return { ...record, ...changes };
        },
        opened(),
      ).catch((error: unknown) => {
        if (error !== gone) throw error;
      });
    },
    forget: (ids) => delMany([...ids], opened()),
  };
}
