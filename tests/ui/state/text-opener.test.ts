import { expect, test } from 'vitest';
import { copying, gpuAdapter, mobyDick } from '../support/fake-worker.ts';
import { FACTS, openOwn, openPage, readyPage } from '../support/run-page.ts';

test("a visitor's own file goes to the new worker as well", async () => {
  const page = readyPage();
  await openOwn(page, 'mine.txt');
  page.controller.restart();

  expect(page.workers[1].commands.at(-1)).toMatchObject({ type: 'use-file', name: 'mine.txt' });
});

test('the text of a run stays its own, whatever is opened meanwhile', async () => {
  const page = readyPage();
  await openOwn(page, 'mine.txt');
  page.controller.train();
  page.emit({ type: 'started', runId: page.runId(), ...FACTS });
  expect(page.texts.ofRun!.name).toBe('mine.txt');

  await page.texts.openFile(new Blob([]), 'empty.txt');
  page.emit({ type: 'corpus-failed', dataset: 'own', message: 'empty.txt is empty' });
  expect(page.texts.own!.name).toBe('mine.txt');
  await openOwn(page, 'other.txt');
  expect([page.texts.ofRun, page.texts.own].map((text) => text!.name)).toEqual(['mine.txt', 'other.txt']);

  page.emit({ type: 'kept', runId: page.runId(), step: 20, file: new Blob(['kept']) });
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  expect(page.workers[1].commands.at(-1)).toMatchObject({ type: 'use-file', name: 'mine.txt' });
});

test('a run names the text that it began with, whatever is chosen for the next one', async () => {
  const page = readyPage();
  const texts = () => [page.run.getState().runCorpus?.name, page.run.getState().corpus?.name];
  expect(texts()).toEqual([undefined, 'Moby Dick']);
  page.controller.train();
  await openOwn(page, 'mine.txt');
  expect(texts()).toEqual(['Moby Dick', 'mine.txt']);
  page.controller.reset();
  expect(texts()).toEqual([undefined, 'mine.txt']);
  page.controller.train();
  expect(texts()).toEqual(['mine.txt', 'mine.txt']);
});

test('a run without a text of the visitor has none, although one was opened', async () => {
  const page = readyPage();
  await openOwn(page, 'mine.txt');
  page.texts.open('sample');
  page.emit({ type: 'corpus', info: mobyDick });
  page.controller.train();
  expect(page.texts.ofRun).toBeNull();
});

test("the worker gets a copy of a visitor's file, unless another text is wanted by then", async () => {
  const page = readyPage();
  const file = new Blob(['text']);
  const opening = page.texts.openFile(file, 'mine.txt');
  page.texts.open('sample');
  await opening;
  expect(page.said()).not.toContain('use-file');

  await page.texts.openFile(file, 'mine.txt');
  const given = page.workers[0].commands.find((command) => command.type === 'use-file')!;
  expect(given.file).not.toBe(file);
  expect([given.name, await given.file.text()]).toEqual(['mine.txt', 'text']);
});

test('a cancelled or failed download leaves the text that is there', () => {
  for (const end of ['cancel', 'fail']) {
    const page = readyPage();
    page.texts.open('enwik8');
    expect(page.config.getState().config.dataset).toBe('enwik8');
    if (end === 'cancel') page.texts.cancelDownload();
    else page.emit({ type: 'corpus-failed', dataset: 'enwik8', message: 'no connection' });

    expect(page.config.getState().config.dataset).toBe('sample');
    page.controller.train();
    expect(page.said().at(-1)).toBe('start');
  }
});

test('of two files the one that was opened last is the text, whichever is read first', async () => {
  const page = readyPage();
  const { controller, texts, run, workers } = page;
  await texts.openFile(new Blob(['first']), 'first.txt');
  const first = workers[0].textRequest;
  const opening = texts.openFile(new Blob(['second']), 'second.txt');
  page.emit({ type: 'corpus', requestId: first, info: { ...mobyDick, dataset: 'own', name: 'first.txt' } });
  expect(run.getState()).toMatchObject({ loading: 'own', corpus: { name: 'Moby Dick' } });
  controller.train();
  expect(page.said()).not.toContain('start');

  await opening;
  page.emit({ type: 'corpus-failed', requestId: first, dataset: 'own', message: 'of the first' });
  expect(run.getState()).toMatchObject({ loading: 'own', corpusFailure: null });
  page.emit({ type: 'corpus', info: { ...mobyDick, dataset: 'own', name: 'second.txt' } });
  controller.train();
  expect([texts.ofRun!.name, run.getState().runCorpus!.name]).toEqual(['second.txt', 'second.txt']);
});

test('where the newer of two files cannot be read, the text is the one that was there before both', async () => {
  const page = readyPage();
  await page.texts.openFile(new Blob(['first']), 'first.txt');
  const requestId = page.workers[0].textRequest;
  await page.texts.openFile(new Blob(['second']), 'second.txt');
  page.emit({ type: 'corpus', requestId, info: { ...mobyDick, dataset: 'own', name: 'first.txt' } });
  page.emit({ type: 'corpus-failed', dataset: 'own', message: 'second.txt is empty' });
  page.controller.train();
  expect(page.said().at(-1)).toBe('start');
  expect([page.texts.own, page.texts.ofRun, page.run.getState().runCorpus]).toEqual([null, null, mobyDick]);
});

test('a download that is through as it is cancelled is not taken: the text of the next run is the one of the form', () => {
  const page = readyPage();
  page.texts.open('enwik8');
  const requestId = page.workers[0].textRequest;
  page.texts.cancelDownload();
  page.controller.train();
  page.emit({ type: 'corpus', requestId, info: { ...mobyDick, dataset: 'enwik8' } });
  expect(page.config.getState().config.dataset).toBe('sample');
  expect(page.run.getState()).toMatchObject({ corpus: mobyDick, runCorpus: mobyDick });
  expect(page.workers[0].commands).not.toContainEqual({ type: 'take-text', requestId });
});

test('the worker has a text taken before anybody on the page hears that it is there', () => {
  const page = openPage();
  page.run.subscribe(({ corpus }, before) => {
    if (corpus !== before.corpus) page.worker.post({ type: 'peek', requestId: 1, offset: 0, length: 16 });
  });
  page.emit({ type: 'corpus', info: mobyDick });
  expect(page.said().slice(-2)).toEqual(['take-text', 'peek']);
});

test('a text shorter than the context keeps a run from starting', () => {
  const page = openPage();
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  page.emit({ type: 'corpus', info: { ...mobyDick, validationBytes: 128 } });
  page.controller.train();

  expect(page.said()).not.toContain('start');
});

test('the text of an earlier run comes back with its settings if the page has it, and is never taken for another', async () => {
  const page = readyPage();
  const { config } = openPage('ds=own').config.getState();
  const textOf = (name: string) => ({ config, text: { name, sha256: `that of ${name}` } });
  await openOwn(page, 'mine.txt');
  page.controller.train();
  await openOwn(page, 'other.txt');

  // That of the present run, which is not the one that was opened last.
  expect(page.texts.openTextOf(textOf('mine.txt'))).toBe(true);
  expect(page.workers[0].commands.at(-1)).toMatchObject({ type: 'use-file', name: 'mine.txt' });
  page.emit({ type: 'corpus', info: { ...mobyDick, dataset: 'own', ...textOf('mine.txt').text } });
  expect(page.texts.openTextOf(textOf('mine.txt'))).toBe(true);
  const asked = page.workers[0].commands.length;
  expect(page.texts.openTextOf(textOf('third.txt'))).toBe(false);
  for (const text of [null, { name: 'mine.txt', sha256: null }])
    expect(page.texts.openTextOf({ config, text })).toBe(false);
  expect(page.workers[0].commands).toHaveLength(asked);
});

test('a file that is opened ends what was said of a run file before it', async () => {
  const { run, texts } = readyPage();
  run.setState({ runFileFailure: 'run.safetensors: it is cut off.' });
  await texts.openFile(new Blob(['a text']), 'mine.txt');
  expect(run.getState().runFileFailure).toBeNull();
});

test('a text that a rule makes comes by itself: for a link, for a new worker, and back when a run wants it', () => {
  const page = openPage('p=micro&ds=copy');
  const asked = { type: 'use-synthetic', requestId: 1, id: 'copy' };
  expect(page.workers[0].commands).toContainEqual(asked);
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  page.emit({ type: 'corpus', info: copying });
  page.controller.train();
  page.controller.restart();
  expect(page.workers[1].commands.at(-1)).toMatchObject({ type: 'use-synthetic', id: 'copy' });
});
