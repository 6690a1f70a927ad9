import { expect, test, vi } from 'vitest';
import { mobyDick } from '../support/fake-worker.ts';
import { withTraining } from '../../../src/config/problem.ts';
import { nextSeeds } from '../../../src/ui/state/more-seeds.ts';
import { addSentRuns, MAX_RUNS, removeRun, renameRun, restoreRun, togglePin } from '../../../src/ui/state/runs.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import type { StoredRecord } from '../../../src/ui/state/stored-record.ts';
import { trialsOf } from '../../../src/ui/state/trials.ts';
import { FakeRecords } from '../support/fake-records.ts';
import { FakeStorage } from '../support/fake-storage.ts';
import { config, openPage, settled, someMetrics } from '../support/storing-page.ts';

type Page = ReturnType<typeof openPage>;

const all = ({ runs }: Page) => runs.getState().runs;
const numberOf = ({ run }: Page) => run.getState().runId;

/** The present run comes to its end. */
async function end(page: Page): Promise<void> {
  page.emit({ type: 'done', runId: numberOf(page), step: 25 });
  await settled();
}

/** A page that has ended so many runs, on storages that others share. */
async function pageWithRuns(count: number, records = new FakeRecords(), storage = new FakeStorage()) {
  const page = openPage(storage, { records });
  for (let at = 0; at < count; at++) {
    if (at > 0) page.nextRun();
    page.clock.now = at;
    page.curves.setState({ metrics: someMetrics() });
    await end(page);
    renameRun(page.runs, numberOf(page), `run ${at}`);
  }
  await settled();
  return { page, records, storage };
}

/** The page of the next visit, before it has a run. */
async function laterPage(records: FakeRecords, storage = new FakeStorage()): Promise<Page> {
  const page = openPage(storage.later(), { records, idle: true });
  await page.storedRecords.open();
  await page.storedRuns.open();
  return page;
}

test('runs that have ended are there on the next visit, in their order, with all that was measured of them', async () => {
  const { page, records } = await pageWithRuns(2);
  page.run.setState({ runCorpus: mobyDick });
  await end(page);

  const next = await laterPage(records);
  expect(all(next).map(({ name }) => name)).toEqual(['run 0', 'run 1']);
  const [, run] = all(next);
  const metrics = someMetrics();
  metrics.endEarlier();
  expect(run).toMatchObject({ origin: 'visit', config, preset: 'micro', pin: null });
  expect(run.text).toEqual({ name: 'Moby Dick', sha256: 'that of Moby Dick' });
  expect(run.metrics).toEqual(metrics.upTo(25));
  expect(run.metrics.testScore).toEqual(metrics.testScore);
  expect(next.runs.getState().presentId).toBeNull();
  // Nothing of that is written once more.
  const write = vi.spyOn(records, 'write');
  await settled();
  expect(write).not.toHaveBeenCalled();
});

test('a run is kept as it was when another took its place, and one without a step is not', async () => {
  const { page, records } = await pageWithRuns(1);
  page.nextRun();
  page.curves.setState({ metrics: someMetrics() });
  page.nextRun();
  page.curves.setState({ metrics: new RunMetrics() });
  page.run.setState({ config: null });
  await settled();
  expect((await laterPage(records)).runs.getState().runs).toHaveLength(2);
});

test('a test score that comes after the end is kept as well', async () => {
  const { page, records } = await pageWithRuns(1);
  const score = { step: 25, bits: Float64Array.of(30, 31), bytes: Float64Array.of(8, 8) };
  page.curves.getState().metrics.testScore = score;
  page.emit({ type: 'scored', runId: numberOf(page), score });
  await settled();
  expect(all(await laterPage(records))[0].metrics.testScore).toEqual(score);
});

test('names, pins and deletions outlive the page; what was brought back is there', async () => {
  const { page, records } = await pageWithRuns(4);
  const [first, second, third] = all(page).map(({ id }) => id);
  renameRun(page.runs, first, 'wide');
  togglePin(page.runs, second);
  removeRun(page.runs, third);
  await settled();
  expect((await laterPage(records)).runs.getState().runs.map(({ name, pin }) => [name, pin])).toEqual([
    ['wide', null],
    ['run 1', 0],
    ['run 3', null],
  ]);
  restoreRun(page.runs);
  await settled();
  const again = await laterPage(records);
  expect(all(again).map(({ name }) => name)).toEqual(['wide', 'run 1', 'run 2', 'run 3']);
  // The same on the page that they came back to.
  togglePin(again.runs, all(again)[1].id);
  removeRun(again.runs, all(again)[0].id);
  await settled();
  expect(all(await laterPage(records)).map(({ name, pin }) => [name, pin])).toEqual([
    ['run 1', null],
    ['run 2', null],
    ['run 3', null],
  ]);
});

test('the run of a link is not kept: it comes with that', async () => {
  const records = new FakeRecords();
  const page = openPage(new FakeStorage(), { records });
  addSentRuns(page.runs, [{ config, preset: 'micro', metrics: someMetrics() }]);
  await end(page);
  togglePin(page.runs, all(page)[0].id);
  await settled();
  expect(records.records.size).toBe(1);
});

test('a run can be opened again where its model is kept, and is one run then and later', async () => {
  const { records, storage } = await pageWithRuns(0);
  const page = openPage(storage, { records });
  await page.keep(25);
  page.emit({ type: 'done', runId: numberOf(page), step: 25 });
  renameRun(page.runs, numberOf(page), 'mine');
  togglePin(page.runs, numberOf(page));
  await settled();

  const next = await laterPage(records, storage);
  const [run] = all(next);
  expect(next.run.getState().earlier).toMatchObject([{ inPlaceOf: run.id }]);
  await next.storedRuns.goOn('run 1');
  expect(all(next).map(({ id, name, pin }) => [id, name, pin])).toEqual([[numberOf(next), 'mine', 0]]);
  next.clock.now = 99;
  await end(next);
  expect([...records.records.values()]).toMatchObject([{ name: 'mine', step: 25, place: 'run 1' }]);
});

test('a run that another tab has under way is not shown, and neither tab loses what the other has kept', async () => {
  const { page, records, storage } = await pageWithRuns(1);
  const other = openPage(storage.elsewhere(), { records, now: 50, idle: true });
  await other.storedRecords.open();
  expect(all(other)).toHaveLength(1);

  page.nextRun();
  await page.keep(20);
  records.busy.add('run 1');
  await other.storedRecords.open();
  expect(all(other)).toHaveLength(1);

  // Each changes what is its own, at once.
  other.run.setState({ config });
  other.curves.setState({ metrics: someMetrics() });
  renameRun(page.runs, numberOf(page), 'trained here');
  await Promise.all([end(page), end(other)]);
  renameRun(other.runs, all(other)[0].id, 'named there');
  await settled();
  const names = [...records.records.values()].map((record) => (record as StoredRecord).name);
  expect(names).toEqual(['named there', 'trained here', expect.any(String)]);

  // Once it is free it is shown there, too, and not pinned for those who have pins of their own.
  togglePin(page.runs, numberOf(page));
  await settled();
  records.busy.clear();
  await other.storedRecords.open();
  expect(all(other).find(({ name }) => name === 'trained here')).toMatchObject({ pin: null });
  await other.storedRecords.open();
  expect(all(other)).toHaveLength(3);
});

test('what a page has let go does not come back to it', async () => {
  const { page, records } = await pageWithRuns(2);
  const [first] = all(page);
  page.runs.setState(({ runs }) => ({ runs: runs.filter((run) => run !== first) }));
  await page.storedRecords.open();
  expect(all(page)).toHaveLength(1);
  expect(records.records.size).toBe(2);
});

test('storage that fails is said once, and hurts no run', async () => {
  const records = new FakeRecords();
  for (const method of ['list', 'write', 'change', 'underWay'] as const) {
    vi.spyOn(records, method).mockRejectedValue(new Error('the disk is full'));
  }
  const page = openPage(new FakeStorage(), { records });
  await page.storedRecords.open();
  expect(page.runs.getState().unkept).toBeNull();
  await end(page);
  expect(page.runs.getState().unkept).toBe('the disk is full');
  page.storedRecords.closeUnkept();
  renameRun(page.runs, numberOf(page), 'mine');
  await end(page);
  expect(page.runs.getState().unkept).toBeNull();
  expect(all(page).map(({ name }) => name)).toEqual(['mine']);
});

test('what cannot be read is left out, and no reason to leave out the rest', async () => {
  const { records } = await pageWithRuns(1);
  const [sound] = [...records.records.values()] as StoredRecord[];
  const { history } = sound;
  const broken: unknown[] = [
    null,
    'text',
    { begunAt: 3 },
    { ...sound, history: undefined },
    { ...sound, history: { ...history, batch: { ...history.batch, trainBpb: Float64Array.of(1) } } },
    { ...sound, query: 'p=micro&st=x' },
    { ...sound, pin: 'first' },
    { ...sound, begunAt: NaN },
    { ...sound, name: 7 },
  ];
  broken.forEach((record, at) => records.records.set(`broken ${at}`, record));
  expect(all(await laterPage(records)).map(({ name }) => name)).toEqual(['run 0']);
});

test('so many are kept, the newest', async () => {
  const { records } = await pageWithRuns(MAX_RUNS + 3);
  const names = [...records.records.values()].map((record) => (record as StoredRecord).name);
  expect(names).toEqual(Array.from({ length: MAX_RUNS }, (_, at) => `run ${at + 3}`));
});

test('what waits for its turn counts runs that have come back', async () => {
  const records = new FakeRecords();
  const page = openPage(new FakeStorage(), { records, idle: true });
  const micro = { ...withTraining(config, { steps: 25 }), dataset: 'sample' as const };
  for (const seed of [0, 1]) {
    page.curves.setState({ metrics: someMetrics() });
    page.run.setState({ runId: 10 + seed, config: withTraining(micro, { seed }), runCorpus: mobyDick });
    await end(page);
  }
  const { runs } = (await laterPage(records)).runs.getState();
  expect(nextSeeds(runs[0], 2, runs)).toEqual([2, 3]);
  const trials = trialsOf([{ config: micro, preset: 'micro' }], 1, mobyDick, { runs, activeId: null, waiting: [] });
  expect(trials.map((trial) => trial.config.training.seed)).toEqual([2]);
});

test('where a comparison is shown by itself, runs of earlier visits are there and none is pinned, for this visit', async () => {
  const { page, records } = await pageWithRuns(2);
  togglePin(page.runs, all(page)[0].id);
  await settled();
  const beside = openPage(new FakeStorage(), { records, idle: true });
  await beside.storedRecords.open(true);
  expect(all(beside).map(({ pin }) => pin)).toEqual([null, null]);
  await settled();
  expect(all(await laterPage(records)).map(({ pin }) => pin)).toEqual([0, null]);
});
