import { beforeEach, expect, test, vi } from 'vitest';
import { browserRunStorage } from '../../../src/ui/state/run-storage.ts';
import type { StoredRun } from '../../../src/ui/state/stored-runs.ts';

/** What the browser's database holds. */
const stored = vi.hoisted(() => new Map<string, unknown>());
vi.mock('idb-keyval', () => ({
  createStore: () => null,
  entries: async () => [...stored],
  get: async (key: string) => stored.get(key),
  getMany: async (keys: string[]) => keys.map((key) => stored.get(key)),
  set: async (key: string, value: unknown) => stored.set(key, value),
  setMany: async (pairs: [string, unknown][]) => pairs.forEach(([key, value]) => stored.set(key, value)),
  delMany: async (keys: string[]) => keys.forEach((key) => stored.delete(key)),
}));

/** Asks the browser to keep what a site has stored. */
const persist = vi.fn<() => Promise<boolean>>(async () => true);

/** Names of the locks that any page has. */
const held = new Set<string>();

beforeEach(() => {
  stored.clear();
  held.clear();
  persist.mockClear();
  vi.stubGlobal('navigator', {
    userAgent: 'Mozilla/5.0 Chrome/150.0',
    storage: { persist },
    locks: {
      query: async () => ({ held: [...held].map((name) => ({ name })) }),
      request: async (name: string, _: object, granted: (lock: object | null) => unknown) => {
        await Promise.resolve();
        if (held.has(name)) return granted(null);
        held.add(name);
        try {
          return await granted({ name });
        } finally {
          held.delete(name);
        }
      },
    },
  });
  return () => vi.unstubAllGlobals();
});

const runAt = (step: number) => ({ step }) as StoredRun;
const someText = { file: new Blob(['some text']), name: 'some.txt' };

test('a page holds the run that it said last, also when it says so before an earlier claim has taken effect', async () => {
  const storage = browserRunStorage();
  await Promise.all([storage.hold(), storage.release()]);
  expect(held.size).toBe(0);
  const [, last] = await Promise.all([storage.hold(), storage.hold()]);
  expect([...held]).toEqual([`strata run ${last}`]);
});

test('a run is taken as it is by now, with its text, unless another page has it under way', async () => {
  const [one, two] = [browserRunStorage(), browserRunStorage()];
  await one.write('a', runAt(20), someText);
  await one.take('a');
  await one.write('a', runAt(30), null);
  expect(await two.take('a')).toBe('under way');
  expect(await two.list()).toEqual([]);
  await one.release();
  expect(await two.take('a')).toEqual({ step: 30, id: 'a', text: someText });
});

test('who cannot have a run keeps the one that was under way', async () => {
  const storage = browserRunStorage();
  const id = await storage.hold();
  expect(await storage.take('never written')).toBe('gone');
  expect([...held]).toEqual([`strata run ${id}`]);
});

test('a run is given up or named only while no page has it under way', async () => {
  const [one, two] = [browserRunStorage(), browserRunStorage()];
  await one.write('a', runAt(20), someText);
  await one.take('a');
  expect([await two.rename('a', 'other'), await two.forget('a')]).toEqual([false, 'under way']);
  expect([...stored.keys()]).toEqual(['a', 'text of a']);
  await one.release();
  expect(await two.rename('a', 'other')).toBe(true);
  expect(stored.get('a')).toEqual({ step: 20, name: 'other' });
  expect(await two.forget('a')).toEqual({ step: 20, name: 'other', id: 'a', text: someText });
  expect(await two.forget('a')).toBe('gone');
  expect([stored.size, held.size]).toEqual([0, 0]);
});

test('a page names the run that it has under way, and has it under way still', async () => {
  const storage = browserRunStorage();
  const id = await storage.hold();
  await storage.write(id, runAt(20), null);
  expect(await storage.rename(id, 'mine')).toBe(true);
  expect(stored.get(id)).toEqual({ step: 20, name: 'mine' });
  expect([...held]).toEqual([`strata run ${id}`]);
});

test('the browser is asked to keep what is stored once there is something, and no visitor is', async () => {
  const storage = browserRunStorage();
  await storage.list();
  expect(persist).not.toHaveBeenCalled();
  for (const step of [20, 30]) await storage.write('a', runAt(step), null);
  expect(persist).toHaveBeenCalledTimes(1);

  persist.mockClear();
  Object.assign(navigator, { userAgent: 'Mozilla/5.0 Gecko/20100101 Firefox/150.0' });
  await browserRunStorage().write('a', runAt(40), null);
  expect(persist).not.toHaveBeenCalled();
});
