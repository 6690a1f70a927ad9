import { expect, test, vi } from 'vitest';
import { runName } from '../../../src/ui/compare/run-name.ts';
import { historyOf, metricsOf } from '../../../src/ui/state/run-history.ts';
import { renameRun } from '../../../src/ui/state/runs.ts';
import type { RunStorage } from '../../../src/ui/state/stored-runs.ts';
import { FakeStorage } from '../support/fake-storage.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';
import { config, openPage, settled, someMetrics } from '../support/storing-page.ts';

test('a run that was kept is offered at the next visit and goes on there with its text and its curves', async () => {
  const storage = new FakeStorage();
  const text = { file: new Blob(['a text']), name: 'mine.txt' };
  await openPage(storage, { ownText: text }).keep();

  const next = openPage(storage.later(), { now: 60_000 });
  await next.storedRuns.open();
  const [offered] = next.run.getState().earlier;
  expect(offered).toEqual({
    id: 'run 1',
    name: runName(config),
    since: new Map(),
    text: 'mine.txt',
    config,
    preset: 'micro',
    step: 20,
    bpb: 5.5,
    keptAt: 0,
  });
  await next.storedRuns.goOn(offered.id);
  expect(next.steps()).toEqual([]);
  const [other] = next.adopted;
  expect(other).toMatchObject({ config, preset: 'micro' });
  expect(other.kept.step).toBe(20);
  expect(await other.kept.file.text()).toBe('all of 20');
  expect(other.text!.name).toBe('mine.txt');
  expect(other.metrics.lastStep).toBe(20);
  await next.keep(30);
  expect([...storage.runs.values()].map(({ step }) => step)).toEqual([30]);
});

test('a model that came with the page is kept once it has trained on here, and is known as such later', async () => {
  const storage = new FakeStorage();
  const page = openPage(storage);
  await page.keep();
  page.nextRun({ name: 'trained elsewhere', elsewhere: 20 });
  await page.keep(20);
  // The run before stands still all the same.
  expect([storage.runs.size, page.steps()]).toEqual([1, [20]]);
  expect(page.run.getState().earlier[0].name).toBe(runName(config));
  await page.keep(30);
  expect([...storage.runs.values()].map(({ step, elsewhere }) => [step, elsewhere])).toEqual([
    [20, undefined],
    [30, 20],
  ]);
  const next = openPage(storage.later());
  await next.storedRuns.open();
  const { id } = next.run.getState().earlier.find(({ step }) => step === 30)!;
  await next.storedRuns.goOn(id);
  expect(next.adopted).toMatchObject([{ name: 'trained elsewhere', elsewhere: 20 }]);
});

test('what a run has measured is the same after it was stored, and can be added to', () => {
  const metrics = someMetrics();
  const again = metricsOf(structuredClone(historyOf(metrics)), config.model);
  metrics.endEarlier();
  expect(again).toEqual(metrics);
  for (const each of [metrics, again]) each.append(plausibleMetrics(4, config, 26, 30, 100), config.model);
  expect(again).toEqual(metrics);
});

test('how a run that stands does on the test part is kept with it, and comes back with it', async () => {
  const storage = new FakeStorage();
  const page = openPage(storage);
  await page.keep();
  page.run.setState({ kept: { step: 20, file: new Blob(['all of 20']) } });
  const score = { step: 20, bits: Float64Array.of(30, 31), bytes: Float64Array.of(8, 8) };
  page.curves.getState().metrics.testScore = score;
  page.emit({ type: 'scored', runId: page.run.getState().runId, score });
  await settled();

  const next = openPage(storage.later());
  await next.storedRuns.open();
  await next.storedRuns.goOn('run 1');
  expect(next.adopted[0].metrics.testScore).toEqual(score);
});

test('the text of a run is written once, and again where that failed', async () => {
  const storage = new FakeStorage();
  const page = openPage(storage, { ownText: { file: new Blob(['a text']), name: 'mine.txt' } });
  const full = new Error('full');
  vi.spyOn(storage, 'write').mockRejectedValueOnce(full).mockRejectedValueOnce(full);
  // Two at once, the second without the text that the first was to bring.
  await Promise.all([page.keep(20), page.keep(30)]);
  for (const step of [40, 60, 80]) await page.keep(step);
  expect(storage.textsWritten).toBe(1);

  const next = openPage(storage.later());
  await next.storedRuns.open();
  expect(next.run.getState().earlier).toMatchObject([{ step: 80 }]);
  await next.storedRuns.goOn('run 1');
  expect(next.adopted[0].text!.name).toBe('mine.txt');
});

test('a reset loses nothing: the run is offered at once', async () => {
  const page = openPage(new FakeStorage());
  await page.keep();
  expect(page.steps()).toEqual([]);
  await page.reset();
  expect(page.steps()).toEqual([20]);
  expect(page.run.getState().earlier).toMatchObject([{ inPlaceOf: 4 }]);
  await page.storedRuns.goOn('run 1');
  expect(page.adopted).toHaveLength(1);
});

test('the run before is offered as soon as the next is kept, and the other way round', async () => {
  const page = openPage(new FakeStorage());
  await page.keep(20);
  page.nextRun();
  expect(page.steps()).toEqual([]);
  await page.keep(30);
  expect(page.run.getState().earlier).toMatchObject([{ step: 20, inPlaceOf: 4 }]);
  await page.storedRuns.goOn('run 1');
  expect(page.run.getState().earlier).toMatchObject([{ step: 30, inPlaceOf: 5 }]);
});

test('each run of a visit is kept beside the others, the newest first', async () => {
  const page = openPage(new FakeStorage());
  for (const step of [10, 20, 30]) {
    page.clock.now = step;
    await page.keep(step);
    await page.keep(step + 1);
    page.nextRun();
  }
  await page.reset();
  expect(page.steps()).toEqual([31, 21, 11]);
});

test('a run that another page has under way is not offered, and never written over', async () => {
  const storage = new FakeStorage();
  await openPage(storage).keep(20);
  const other = openPage(storage.elsewhere());
  await other.storedRuns.open();
  expect(other.steps()).toEqual([]);
});

/** Two pages that are offered the same run. */
async function twoPages(storage: FakeStorage) {
  await openPage(storage).keep(20);
  const [one, two] = [storage.later(), storage.elsewhere()].map((each) => openPage(each));
  for (const page of [one, two]) await page.storedRuns.open();
  return { one, two };
}

test('of two pages that are offered a run one goes on with it, and the other says where it is', async () => {
  const storage = new FakeStorage();
  const { one, two } = await twoPages(storage);
  await Promise.all([one.storedRuns.goOn('run 1'), two.storedRuns.goOn('run 1')]);
  expect([one.adopted.length, two.adopted.length]).toEqual([1, 0]);
  const untaken = { name: runName(config), why: 'It is under way in another tab.' };
  expect(two.run.getState()).toMatchObject({ earlier: [], untaken });
  two.storedRuns.closeUntaken();
  expect(two.run.getState().untaken).toBeNull();
});

test('a run goes on from where another page has left it, whatever it was when it was offered', async () => {
  const storage = new FakeStorage();
  const { one, two } = await twoPages(storage);
  await one.storedRuns.goOn('run 1');
  await one.keep(5000, 500);
  await one.reset();
  expect(two.steps()).toEqual([20]);
  await two.storedRuns.goOn('run 1');
  expect(two.adopted[0].kept.step).toBe(5000);
  await two.keep(5001, 501);
  expect([...storage.runs.values()].map(({ step }) => step)).toEqual([5001]);
});

test('a run that another page has under way cannot be given up, and keeps its text', async () => {
  const storage = new FakeStorage();
  const { one, two } = await twoPages(storage);
  await one.storedRuns.goOn('run 1');
  await two.storedRuns.forget('run 1');
  expect(two.run.getState()).toMatchObject({ earlier: [], untaken: { why: 'It is under way in another tab.' } });
  expect([storage.runs.size, storage.texts.size]).toEqual([1, 1]);
});

test('a run that another page has given up is not begun again', async () => {
  const storage = new FakeStorage();
  const { one, two } = await twoPages(storage);
  await one.storedRuns.forget('run 1');
  await two.storedRuns.goOn('run 1');
  expect(two.adopted).toEqual([]);
  expect(two.run.getState().untaken!.why).toBe('It is not kept any more.');
});

test('a page that looks again while it takes a run does not let go of it', async () => {
  const storage = new FakeStorage();
  const { one } = await twoPages(storage);
  const going = one.storedRuns.goOn('run 1');
  await Promise.all([going, one.storedRuns.open()]);
  expect(await storage.elsewhere().take('run 1')).toBe('under way');
});

test('the page says that a run is being taken until it has it, or cannot have it', async () => {
  const storage = new FakeStorage();
  const page = openPage(storage);
  await page.keep();
  await page.reset();
  for (const isThere of [true, false]) {
    const said: boolean[] = [];
    const stop = page.run.subscribe(({ taking }, before) => {
      if (taking !== before.taking) said.push(taking);
    });
    if (!isThere) {
      await page.reset();
      storage.runs.clear();
    }
    await page.storedRuns.goOn('run 1');
    expect(said).toEqual([true, false]);
    stop();
  }
});

test('a run keeps its name over visits, also one that it was given after it was kept', async () => {
  const storage = new FakeStorage();
  const page = openPage(storage);
  await page.keep();
  renameRun(page.runs, 4, 'mine');
  await settled();
  page.nextRun();
  await page.keep(30);
  renameRun(page.runs, 4, 'mine still');
  await settled();

  const next = openPage(storage.later());
  await next.storedRuns.open();
  const names = () => next.run.getState().earlier.map(({ name }) => name);
  expect(names()).toEqual(['mine still', runName(config)]);
  await next.storedRuns.goOn('run 1');
  expect(next.runs.getState().runs.at(-1)!.name).toBe('mine still');
});

test('the run before keeps a new name also while the next has not been kept', async () => {
  const storage = new FakeStorage();
  const page = openPage(storage);
  await page.keep();
  page.nextRun();
  renameRun(page.runs, 4, 'mine');
  await settled();
  expect(storage.runs.get('run 1')!.name).toBe('mine');
});

test('a run that was kept without a name has the one that follows from its configuration', async () => {
  const storage = new FakeStorage();
  await openPage(storage).keep();
  delete storage.runs.get('run 1')!.name;
  const next = openPage(storage.later());
  await next.storedRuns.open();
  expect(next.run.getState().earlier[0].name).toBe(runName(config));
});

test('a run of this visit that is opened again is among the runs once, by its name', async () => {
  const page = openPage(new FakeStorage());
  renameRun(page.runs, 4, 'mine');
  await page.keep();
  for (let times = 0; times < 2; times++) {
    await page.reset();
    await page.storedRuns.goOn('run 1');
    await settled();
    const names = page.runs.getState().runs.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('mine'))).toEqual(['mine']);
    expect(page.runs.getState().runs.at(-1)!.name).toBe('mine');
  }
});

test('of more than five others that trained equally long the oldest goes', async () => {
  const storage = new FakeStorage();
  const page = openPage(storage);
  for (let step = 1; step <= 7; step++) {
    page.clock.now = step;
    await page.keep(step);
    page.nextRun();
  }
  expect([...storage.runs.values()].map(({ step }) => step)).toEqual([2, 3, 4, 5, 6, 7]);
});

test('of more than five others those go that trained the shortest', async () => {
  const storage = new FakeStorage();
  const page = openPage(storage);
  const seconds = [60, 5, 3600, 40, 30, 50, 1, 2];
  for (const [step, trained] of seconds.entries()) {
    await page.keep(step + 1, trained);
    page.nextRun();
  }
  const kept = [...storage.runs.values()].map(({ step }) => seconds[step - 1]);
  // The newest stays, whatever it is.
  expect(kept).toEqual([60, 3600, 40, 30, 50, 2]);
});

test('of others that are too large together those go that trained the shortest, with their texts', async () => {
  const storage = new FakeStorage();
  const page = openPage(storage);
  const sized = (bytes: number) => ({ size: bytes }) as Blob;
  const store = (id: string, seconds: number, bytes: number, textBytes: number): void => {
    const text = { file: sized(textBytes), name: 'mine.txt' };
    const history = historyOf(someMetrics(seconds));
    storage.runs.set(id, { query: '', step: 1, file: sized(bytes), history, keptAt: 0 });
    storage.texts.set(id, text);
  };
  store('long', 90, 2 ** 31, 2 ** 30);
  store('large', 80, 2 ** 31, 0);
  store('small', 70, 2 ** 20, 0);
  vi.spyOn(storage, 'list').mockImplementation(async () =>
    [...storage.runs].flatMap(([id, stored]) =>
      id.startsWith('run') ? [] : [{ ...stored, id, text: storage.texts.get(id)! }],
    ),
  );
  await page.keep();
  expect([...storage.runs.keys()]).toEqual(['long', 'small', 'run 4']);
});

test('what another run had to say is not kept', async () => {
  const storage = new FakeStorage();
  openPage(storage).emit({ type: 'kept', runId: 3, step: 20, file: new Blob() });
  await settled();
  expect(storage.runs.size).toBe(0);
});

test('where the storage takes nothing that is said once, until it takes something', async () => {
  let full = true;
  const storage = new FakeStorage();
  const write = vi.spyOn(storage, 'write').mockImplementation(async () => {
    if (full) throw new Error('full');
    return 0;
  });
  const page = openPage(storage);
  await page.keep();
  expect(page.run.getState().unkept).toEqual({ why: 'storage', message: 'full' });
  page.storedRuns.closeUnkept();
  await page.keep();
  expect(page.run.getState().unkept).toBeNull();
  full = false;
  await page.keep();
  full = true;
  await page.keep();
  expect(write).toHaveBeenCalledTimes(4);
  expect(page.run.getState().unkept).not.toBeNull();
});

test('without storage there is nothing to offer, and nothing fails', async () => {
  const blocked = () => Promise.reject(new Error('blocked'));
  const [list, write, rename, forget, hold, take, release] = Array<typeof blocked>(7).fill(blocked);
  const broken: RunStorage = { list, write, rename, forget, hold, take, release };
  const page = openPage(broken);
  await page.storedRuns.open();
  await page.keep();
  await page.storedRuns.forget('any');
  expect(page.steps()).toEqual([]);
  expect(page.run.getState().unkept).toEqual({ why: 'storage', message: 'blocked' });
});

test('a run whose text is gone is not offered, for it could not go on', async () => {
  const storage = new FakeStorage();
  await openPage(storage).keep();
  storage.texts.clear();
  const next = openPage(storage.later());
  await next.storedRuns.open();
  expect(next.steps()).toEqual([]);
});

test('a run whose configuration cannot be read any more is not offered', async () => {
  const storage = new FakeStorage();
  await openPage(storage).keep();
  storage.runs.get('run 1')!.query += '&zz=1';
  const next = openPage(storage.later());
  await next.storedRuns.open();
  expect(next.steps()).toEqual([]);
});
