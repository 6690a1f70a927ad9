import { expect, test } from 'vitest';
import { runName } from '../../../src/ui/compare/run-name.ts';
import { FakeStorage } from '../support/fake-storage.ts';
import { config, openPage } from '../support/storing-page.ts';

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
