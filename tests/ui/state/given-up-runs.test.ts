import { expect, test } from 'vitest';
import { runName } from '../../../src/ui/compare/run-name.ts';
import { forgetRemoved, removeRun, restoreRun } from '../../../src/ui/state/runs.ts';
import { FakeRecords } from '../support/fake-records.ts';
import { FakeStorage } from '../support/fake-storage.ts';
import { config, openPage, settled } from '../support/storing-page.ts';

test('a run that is given up is gone, its text as well', async () => {
  const storage = new FakeStorage();
  await openPage(storage, { ownText: { file: new Blob(['a text']), name: 'mine.txt' } }).keep();
  const next = openPage(storage.later());
  await next.storedRuns.open();
  await next.storedRuns.forget('run 1');
  expect(next.steps()).toEqual([]);
  expect([storage.runs.size, storage.texts.size]).toEqual([0, 0]);
});

test('a run that was given up can be brought back, until another is kept', async () => {
  const storage = new FakeStorage();
  await openPage(storage).keep();
  const next = openPage(storage.later());
  await next.storedRuns.open();
  await next.storedRuns.forget('run 1');
  expect(next.run.getState().givenUp).toEqual({ id: 'run 1', name: runName(config) });
  await next.storedRuns.bringBack();
  expect(next.steps()).toEqual([20]);
  expect(next.run.getState().givenUp).toBeNull();
  await next.storedRuns.bringBack();
  await next.storedRuns.goOn('run 1');
  expect(next.adopted[0].text!.name).toBe('some.txt');

  await next.reset();
  await next.storedRuns.forget('run 1');
  next.nextRun();
  await next.keep();
  expect(next.run.getState().givenUp).toBeNull();
});

test('a run that the storage does not take back says so', async () => {
  const storage = new FakeStorage();
  await openPage(storage).keep();
  const full = storage.later();
  full.write = () => Promise.reject(new Error('the disk is full'));
  const next = openPage(full);
  await next.storedRuns.open();
  await next.storedRuns.forget('run 1');
  await next.storedRuns.bringBack();
  expect(next.run.getState().untaken!.why).toBe('The browser’s storage does not take it: the disk is full.');
});

/** A page after another, whose run of 25 steps is kept with its curve and its model. */
async function pageWithRun() {
  const storage = new FakeStorage();
  const records = new FakeRecords();
  const before = openPage(storage, { records });
  await before.keep(25);
  const page = openPage(storage.later(), { records, idle: true });
  await page.storedRecords.open();
  await page.storedRuns.open();
  const [run] = page.runs.getState().runs;
  const there = () => [page.runs.getState().runs.length, records.records.size, storage.runs.size];
  expect(there()).toEqual([1, 1, 1]);
  return { page, run, there };
}

test('a run that is given up is no more in Compare, and both come back together', async () => {
  const { page, run, there } = await pageWithRun();
  await page.storedRuns.forget('run 1');
  await settled();
  expect(there()).toEqual([0, 0, 0]);
  await page.storedRuns.bringBack();
  await settled();
  expect(there()).toEqual([1, 1, 1]);
  expect(page.run.getState().earlier).toMatchObject([{ inPlaceOf: run.id }]);

  // The other way round.
  await page.storedRuns.forget('run 1');
  restoreRun(page.runs);
  await settled();
  expect(there()).toEqual([1, 1, 1]);
  expect(page.run.getState().givenUp).toBeNull();
});

test('a run that is deleted in Compare has its model as long as it is offered back, and no longer', async () => {
  const { page, run, there } = await pageWithRun();
  removeRun(page.runs, run.id);
  await settled();
  expect(there()).toEqual([0, 0, 1]);
  restoreRun(page.runs);
  await settled();
  expect(there()).toEqual([1, 1, 1]);

  removeRun(page.runs, run.id);
  forgetRemoved(page.runs);
  await settled();
  expect(there()).toEqual([0, 0, 0]);
  expect(page.steps()).toEqual([]);
});

test('a deletion does not reach the model of a run that goes on by then', async () => {
  const { page, run, there } = await pageWithRun();
  removeRun(page.runs, run.id);
  await page.storedRuns.goOn('run 1');
  await settled();
  expect(page.runs.getState().removed).toBeNull();
  expect(there()[2]).toBe(1);
});
