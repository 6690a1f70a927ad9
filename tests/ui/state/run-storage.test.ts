import { beforeEach, expect, test, vi } from 'vitest';
import { browserRunStorage } from '../../../src/ui/state/run-storage.ts';
import { historyOf } from '../../../src/ui/state/run-history.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import type { StoredRun } from '../../../src/ui/state/stored-runs.ts';
import { fakeLocks, held, stored } from '../support/fake-browser.ts';

vi.mock('idb-keyval', async () => (await import('../support/fake-browser.ts')).fakeDatabase);

/** Asks the browser to keep what a site has stored. */
const persist = vi.fn<() => Promise<boolean>>(async () => true);

beforeEach(() => {
  stored.clear();
  held.clear();
  persist.mockClear();
  vi.stubGlobal('navigator', {
    userAgent: 'Mozilla/5.0 Chrome/150.0',
    storage: { persist },
    locks: fakeLocks,
  });
  return () => vi.unstubAllGlobals();
});

const history = historyOf(new RunMetrics());
const runAt = (step: number) => ({ step, history }) as StoredRun;
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
  await one.write('a', runAt(20), someText, 0);
  await one.take('a');
  await one.write('a', runAt(30), null, 0);
  expect(await two.take('a')).toBe('under way');
  expect(await two.list()).toEqual([]);
  await one.release();
  expect(await two.take('a')).toEqual({ ...runAt(30), id: 'a', text: someText });
});

test('who cannot have a run keeps the one that was under way', async () => {
  const storage = browserRunStorage();
  const id = await storage.hold();
  expect(await storage.take('never written')).toBe('gone');
  expect([...held]).toEqual([`strata run ${id}`]);
});

test('a run is given up or named only while no page has it under way', async () => {
  const [one, two] = [browserRunStorage(), browserRunStorage()];
  await one.write('a', runAt(20), someText, 0);
  await one.take('a');
  expect([await two.rename('a', 'other'), await two.forget('a')]).toEqual([false, 'under way']);
  expect([...stored.keys()]).toEqual(['a', 'text of a']);
  await one.release();
  expect(await two.rename('a', 'other')).toBe(true);
  expect(stored.get('a')).toMatchObject({ step: 20, name: 'other' });
  expect(await two.forget('a')).toEqual({ ...runAt(20), name: 'other', id: 'a', text: someText });
  expect(await two.forget('a')).toBe('gone');
  expect([stored.size, held.size]).toEqual([0, 0]);
});

test('a page names the run that it has under way, and has it under way still', async () => {
  const storage = browserRunStorage();
  const id = await storage.hold();
  await storage.write(id, runAt(20), null, 0);
  expect(await storage.rename(id, 'mine')).toBe(true);
  expect(stored.get(id)).toMatchObject({ step: 20, name: 'mine' });
  expect([...held]).toEqual([`strata run ${id}`]);
});

test('the browser is asked to keep what is stored once there is something, and no visitor is', async () => {
  const storage = browserRunStorage();
  await storage.list();
  expect(persist).not.toHaveBeenCalled();
  for (const step of [20, 30]) await storage.write('a', runAt(step), null, 0);
  expect(persist).toHaveBeenCalledTimes(1);

  persist.mockClear();
  Object.assign(navigator, { userAgent: 'Mozilla/5.0 Gecko/20100101 Firefox/150.0' });
  await browserRunStorage().write('a', runAt(40), null, 0);
  expect(persist).not.toHaveBeenCalled();
});
