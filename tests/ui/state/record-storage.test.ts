import { beforeEach, expect, test, vi } from 'vitest';
import { browserRecordStorage } from '../../../src/ui/state/record-storage.ts';
import type { StoredRecord } from '../../../src/ui/state/stored-record.ts';

/** What the browser's databases hold, by their names. */
const databases = vi.hoisted(() => new Map<string, Map<string, unknown>>());
vi.mock('idb-keyval', () => ({
  createStore: (name: string) => {
    const database = databases.get(name) ?? new Map<string, unknown>();
    databases.set(name, database);
    return database;
  },
  entries: async (database: Map<string, unknown>) => [...database],
  set: async (key: string, value: unknown, database: Map<string, unknown>) => void database.set(key, value),
  update: async (key: string, change: (value: unknown) => unknown, database: Map<string, unknown>) =>
    void database.set(key, change(database.get(key))),
  delMany: async (keys: string[], database: Map<string, unknown>) => keys.forEach((key) => database.delete(key)),
}));

beforeEach(() => {
  databases.clear();
  vi.stubGlobal('navigator', { locks: { query: async () => ({ held: [{ name: 'strata run a' }] }) } });
  return () => vi.unstubAllGlobals();
});

const record = (name: string) => ({ name, pin: null, begunAt: 1 }) as StoredRecord;

test('records lie in a database of their own, beside the runs that can go on', async () => {
  const storage = browserRecordStorage();
  await storage.write('1', record('one'));
  await storage.write('2', record('two'));
  expect([...databases.keys()]).toEqual(['strata records']);
  expect((await browserRecordStorage().list()).map(([id]) => id)).toEqual(['1', '2']);
  await storage.forget(['1']);
  expect((await storage.list()).map(([id]) => id)).toEqual(['2']);
});

test('a change leaves the rest as another page has written it, and makes nothing of what is gone', async () => {
  const [one, two] = [browserRecordStorage(), browserRecordStorage()];
  await one.write('1', record('one'));
  await two.write('1', { ...record('one'), step: 30 });
  await one.change('1', { pin: 2 });
  expect(await two.list()).toEqual([['1', { name: 'one', pin: 2, begunAt: 1, step: 30 }]]);
  await two.forget(['1']);
  await one.change('1', { name: 'other' });
  expect(await one.list()).toEqual([]);
});

test('a change that the browser refuses is told', async () => {
  const storage = browserRecordStorage();
  await storage.write('1', record('one'));
  databases.get('strata records')!.set = () => {
    throw new Error('the disk is full');
  };
  await expect(storage.change('1', { pin: 2 })).rejects.toThrow('the disk is full');
});

test('whose runs pages have under way is known by their locks', async () => {
  expect(await browserRecordStorage().underWay(['a', 'b'])).toEqual(['a']);
});
