import { expect, test } from 'vitest';
import { gpuAdapter, mobyDick } from '../support/fake-worker.ts';
import { lostPage, openOwn, otherRun, readyPage, trainingPage } from '../support/run-page.ts';

test('a run that has to wait for its text ends the one before at once', () => {
  const page = trainingPage();
  page.controller.adopt(otherRun(page.curves));
  expect(page.said().slice(-2)).toEqual(['use-enwik8', 'reset']);
  page.emit({ type: 'corpus', info: { ...mobyDick, dataset: 'enwik8' } });
  expect(page.workers[0].commands.at(-1)).toMatchObject({ type: 'start', from: expect.any(Blob) });
});

test('a run whose text is not downloaded after all does not go on with another', () => {
  const page = readyPage();
  const other = otherRun(page.curves);
  page.controller.adopt(other);
  page.texts.cancelDownload();
  page.emit({
    type: 'calibration',
    speed: { secondsPerFlop: 1, secondsPerValue: 1, secondsPerDispatch: 1, sharesDispatches: false },
  });
  expect(page.said()).not.toContain('start');
  expect(page.run.getState()).toMatchObject({ phase: { name: 'failed', failure: { kind: 'data' } }, kept: other.kept });

  page.controller.restart();
  expect(page.said()).toEqual(['probe', 'use-enwik8']);
});

test('a run that waits for its text does not go on with another one that is opened', async () => {
  const page = lostPage();
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  await openOwn(page, 'mine.txt');
  expect(page.said()).not.toContain('start');
  expect(page.run.getState()).toMatchObject({
    phase: { name: 'failed', failure: { kind: 'data' } },
    kept: { step: 20 },
  });

  page.controller.restart();
  page.comeBack();
  expect(page.run.getState().runCorpus).toEqual(mobyDick);
  expect(page.workers.at(-1)!.commands.at(-1)).toMatchObject({ type: 'start', from: expect.any(Blob) });
});

test('a download that is under way when the device is lost without a run goes on in the new worker', () => {
  const page = readyPage();
  page.texts.open('enwik8');
  page.emit({ type: 'lost', runId: 0, reason: 'unknown', message: '' });
  expect(page.said()).toEqual(['probe', 'use-enwik8']);
  expect(page.run.getState().loading).toBe('enwik8');
});

test('a download for which nobody has asked anew is not waited for in the new worker', () => {
  const page = readyPage();
  page.texts.open('enwik8');
  page.texts.openAgain(false);
  expect(page.run.getState().loading).toBeNull();
});

test('a file that is still being copied when the device is lost goes to the new worker, in place of the one before', async () => {
  const page = readyPage();
  await openOwn(page, 'mine.txt');
  const opening = page.texts.openFile(new Blob(['other']), 'other.txt');
  page.emit({ type: 'lost', runId: 0, reason: 'unknown', message: '' });
  expect(page.run.getState().loading).toBe('own');
  await opening;
  expect(page.said()).toEqual(['probe', 'use-file']);
  expect(page.workers[1].commands.at(-1)).toMatchObject({ name: 'other.txt' });
  page.emit({ type: 'corpus', info: { ...mobyDick, dataset: 'own', name: 'other.txt' } });
  expect(page.run.getState()).toMatchObject({ loading: null, corpus: { name: 'other.txt' } });
});
