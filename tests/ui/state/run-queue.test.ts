import { describe, expect, test } from 'vitest';
import { editConfig, writeControl } from '../../../src/ui/state/config-store.ts';
import { runControl } from '../../../src/ui/state/controls.ts';
import { gpuAdapter, mobyDick } from '../support/fake-worker.ts';
import { queuePage, trainingQueuePage } from '../support/queue-page.ts';
import { openOwn } from '../support/run-page.ts';
import { settled } from '../support/storing-page.ts';

describe('A run that is to be repeated', () => {
  test('waits with its next seeds while it trains, and is trained with them one after the other', async () => {
    const page = trainingQueuePage();
    expect(page.queue.repeat(page.latest(), 2)).toEqual([1, 2]);
    await settled();
    expect([page.begun(), page.waiting(), page.wait()]).toEqual([[0], [1, 2], { why: 'training' }]);

    await page.finish();
    expect([page.begun(), page.waiting()]).toEqual([[0, 1], [2]]);
    await page.finish();
    expect([page.begun(), page.waiting(), page.wait()]).toEqual([[0, 1, 2], [], null]);
    await page.finish();
    expect(page.begun()).toEqual([0, 1, 2]);
    expect(page.records().map(({ metrics }) => metrics.testScore?.step)).toEqual([20, 20, 20]);
  });

  test('has no seed that a run of its settings or one that waits has, and the first one after the last', () => {
    const page = trainingQueuePage();
    expect(page.queue.repeat(page.latest(), 2)).toEqual([1, 2]);
    expect(page.queue.repeat(page.latest(), 2)).toEqual([3, 4]);
    editConfig(page.config, (config) => ({ ...config, training: { ...config.training, seed: 4_294_967_295 } }));
    page.controller.startOver();
    page.makeSteps(5);
    expect(page.queue.repeat(page.latest(), 2)).toEqual([5, 6]);
  });

  test('begins at once where there is no run, and where the present one is through', async () => {
    const page = trainingQueuePage();
    page.controller.reset();
    page.queue.repeat(page.records()[0], 1);
    await settled();
    expect(page.begun()).toEqual([0, 1]);
    await page.done();
    await page.kept();
    // Nobody waited for the one before; its own is measured at its end.
    await page.scored();
    page.queue.repeat(page.latest(), 1);
    await settled();
    expect(page.begun()).toEqual([0, 1, 2]);
  });

  test('is not measured again where that was done at its end', async () => {
    const page = trainingQueuePage();
    await page.done();
    page.scorer.measure();
    await page.scored();
    const { config, preset, metrics } = page.latest();
    page.controller.adopt({
      config,
      preset,
      kept: { step: 20, file: new Blob() },
      metrics: metrics.upTo(20),
      text: null,
    });
    await page.done();
    page.queue.repeat(page.latest(), 1);
    await settled();
    expect([page.begun().at(-1), page.asked()]).toEqual([1, 1]);
  });

  test('cannot be, where it took up a setting on the way or its text is not open', async () => {
    const page = trainingQueuePage();
    await openOwn(page, 'mine.txt');
    expect(page.queue.repeat(page.latest(), 2)).toEqual([]);
    page.texts.open('sample');
    page.emit({ type: 'corpus', info: mobyDick });
    page.choose('learningRate', '1e-3');
    page.emit({ type: 'adjusted', runId: page.runId(), step: 8, changed: { learningRate: 1e-3 } });
    expect(page.queue.repeat(page.latest(), 2)).toEqual([]);
    expect(page.waiting()).toEqual([]);
  });

  test('keeps its settings whatever the form says, and nothing edited before is taken up', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    page.choose('batchSize', '7');
    // It is still being typed when the next run begins.
    writeControl(page.config, runControl('arWeight'), '2');
    await page.finish();
    page.makeSteps(3);
    expect(page.run.getState().config).toEqual({
      ...page.records()[0].config,
      training: { ...page.records()[0].config.training, seed: 1 },
    });
    expect(page.latest().preset).toBe('micro');
    expect(page.adjustments()).toEqual([]);
    expect(page.config.getState().config.training.batchSize).toBe(7);
  });

  test('makes no queue that the list of runs could not hold', () => {
    const page = trainingQueuePage();
    for (let times = 0; times < 9; times++) page.queue.repeat(page.latest(), 2);
    expect(page.waiting()).toHaveLength(10);
  });
});

describe('The next run', () => {
  test('waits until the one before is measured and kept, in whichever order', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 2);
    await page.done();
    expect([page.asked(), page.wait()]).toEqual([1, { why: 'measuring' }]);
    await page.scored();
    expect([page.begun(), page.wait()]).toEqual([[0], { why: 'keeping' }]);
    await page.kept();
    expect(page.begun()).toEqual([0, 1]);

    await page.done();
    await page.kept();
    expect(page.begun()).toEqual([0, 1]);
    await page.scored();
    expect([page.begun(), page.asked()]).toEqual([[0, 1, 2], 2]);
  });

  test('begins after all who hear of an event have heard that it is of the run before', () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    const before = page.runId();
    const heard: boolean[] = [];
    page.worker.listen((event) => {
      if ('runId' in event) heard.push(event.runId === page.runId());
    });
    return page.finish().then(() => {
      expect(heard).not.toContain(false);
      expect(page.runId()).toBe(before + 1);
    });
  });

  test('is not held up by a measurement that fails, or that somebody stops: neither is begun again', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 2);
    await page.done();
    page.emit({ type: 'score-failed', runId: page.runId(), message: 'too short' });
    await page.kept();
    expect(page.begun()).toEqual([0, 1]);
    await page.done();
    page.scorer.stop();
    page.emit({ type: 'scored', runId: page.runId(), score: null });
    await page.kept();
    expect([page.begun(), page.asked()]).toEqual([[0, 1, 2], 2]);
  });

  test('does not wait for a copy of a run that is too large to be kept, even if nobody wants to hear of that', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    page.emit({ type: 'unkept', runId: page.runId(), cause: { why: 'size', bytes: 3e9, most: 2e9 } });
    page.run.setState({ unkept: null });
    await page.done();
    await page.scored();
    expect(page.begun()).toEqual([0, 1]);
  });

  test('waits for the last copy where memory was short for an earlier one only', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    const unkept = { type: 'unkept', runId: page.runId(), cause: { why: 'memory', message: 'full' } } as const;
    page.emit(unkept);
    page.emit({ type: 'kept', runId: page.runId(), step: 10, file: new Blob(['kept']) });
    await page.done();
    await page.scored();
    expect([page.begun(), page.wait()]).toEqual([[0], { why: 'keeping' }]);
    page.emit(unkept);
    await settled();
    expect(page.begun()).toEqual([0, 1]);
  });

  test('waits for a run that is paused, and for one that has lost its device and comes back', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    page.emit({ type: 'paused', runId: page.runId(), step: 5 });
    await settled();
    expect(page.wait()).toEqual({ why: 'paused' });
    page.emit({ type: 'kept', runId: page.runId(), step: 5, file: new Blob(['kept']) });
    page.emit({ type: 'resumed', runId: page.runId() });
    page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
    page.emit({ type: 'corpus', info: mobyDick });
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    await page.finish();
    expect(page.begun()).toEqual([0, 0, 1]);
  });

  test('does not begin by itself after one that went wrong, but when somebody says so', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 3);
    const runId = page.runId();
    page.emit({ type: 'diverged', runId, step: 8, lastFiniteStep: 7, rewindStep: null, message: '' });
    await settled();
    expect([page.begun(), page.wait()]).toEqual([[0], { why: 'diverged' }]);
    page.queue.goOn();
    await settled();
    expect(page.begun()).toEqual([0, 1]);

    page.emit({ type: 'failed', runId: page.runId(), failure: { kind: 'out-of-memory', message: '' } });
    await settled();
    expect(page.wait()).toEqual({ why: 'failed' });
    page.queue.goOn();
    await settled();
    expect(page.begun()).toEqual([0, 1, 2]);

    page.controller.reset();
    await settled();
    expect([page.begun(), page.wait()]).toEqual([[0, 1, 2], { why: 'no run' }]);
    page.queue.goOn();
    await settled();
    expect(page.begun()).toEqual([0, 1, 2, 3]);
  });

  test('waits again for a run that went wrong and is trained on after somebody wanted the next', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    page.texts.open('enwik8');
    page.emit({ type: 'diverged', runId: page.runId(), step: 8, lastFiniteStep: 7, rewindStep: 3, message: '' });
    page.queue.goOn();
    await settled();
    page.emit({ type: 'resumed', runId: page.runId() });
    page.texts.open('sample');
    page.emit({ type: 'corpus', info: mobyDick });
    await settled();
    expect([page.begun(), page.wait()]).toEqual([[0], { why: 'training' }]);
  });

  test('follows a run of the form that somebody has begun in between', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    page.controller.reset();
    page.choose('seed', '70');
    page.controller.train();
    await page.finish();
    expect(page.begun()).toEqual([0, 70, 1]);
  });

  test('does not begin while a kept run is fetched to take the place of the present one', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    page.run.setState({ taking: true });
    await page.finish();
    await page.done();
    expect(page.begun()).toEqual([0]);
    // It could not be had after all.
    page.run.setState({ taking: false });
    await page.finish();
    expect(page.begun()).toEqual([0, 1]);
  });

  test('leaves a run alone that was opened when it was through', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    const { config, preset, metrics } = page.latest();
    await page.done();
    const kept = { step: 20, file: new Blob(['kept']) };
    page.controller.adopt({ config, preset, kept, metrics: metrics.upTo(20), text: null });
    await page.done();
    expect([page.begun().at(-1), page.wait(), page.asked()]).toEqual([0, { why: 'opened' }, 1]);
    page.queue.goOn();
    await settled();
    expect(page.begun().at(-1)).toBe(1);
  });

  test('waits for its text, and takes no other', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    await openOwn(page, 'mine.txt');
    await page.finish();
    const reason = 'Its text, Moby Dick, is not open: open it under Data.';
    expect([page.begun(), page.wait()]).toEqual([[0], { why: 'blocked', reason }]);
    page.texts.open('sample');
    page.emit({ type: 'corpus', info: mobyDick });
    await settled();
    expect(page.begun()).toEqual([0, 1]);
  });

  test('of a text of the visitor’s own keeps that with it', async () => {
    const page = queuePage();
    await openOwn(page, 'mine.txt');
    page.controller.train();
    page.makeSteps(5);
    page.queue.repeat(page.latest(), 1);
    await page.finish();
    expect(page.begun()).toEqual([0, 1]);
    expect(page.texts.ofRun?.name).toBe('mine.txt');
  });

  test('begins when the download of another text is cancelled', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    page.texts.open('enwik8');
    await page.finish();
    expect([page.begun(), page.wait()]).toEqual([[0], { why: 'blocked', reason: 'The text is being loaded.' }]);
    page.texts.cancelDownload();
    await settled();
    expect(page.begun()).toEqual([0, 1]);
  });
});

test('a run that nothing waits for is not measured unasked, but for one that waited itself', async () => {
  const page = trainingQueuePage();
  await page.done();
  expect(page.asked()).toBe(0);
  page.queue.repeat(page.latest(), 1);
  await settled();
  expect(page.asked()).toBe(1);
  await page.kept();
  await page.scored();
  await page.done();
  expect(page.asked()).toBe(2);
});

test('what the form holds can wait as well, unless it could not start, is the present run, or waits already', () => {
  const page = trainingQueuePage();
  const add = (): number => {
    page.queue.add(page.config.getState());
    return page.waiting().length;
  };
  expect(add()).toBe(0);
  page.choose('batchSize', 'many');
  expect(add()).toBe(0);
  page.choose('batchSize', '7');
  expect(add()).toBe(1);
  expect(add()).toBe(1);
  expect(page.queue.store.getState().waiting[0]).toMatchObject({
    config: { training: { batchSize: 7 } },
    preset: 'micro',
    text: { name: 'Moby Dick' },
  });
});

test('what waits can be taken back, one or all', async () => {
  const page = trainingQueuePage();
  page.queue.repeat(page.latest(), 3);
  page.queue.remove(1);
  expect(page.waiting()).toEqual([1, 3]);
  page.queue.clear();
  await page.finish();
  expect([page.begun(), page.waiting(), page.wait()]).toEqual([[0], [], null]);
});

test('runs of other settings that are to be trained begin at once where the present one is through', async () => {
  const page = trainingQueuePage();
  await page.done();
  await page.kept();
  const { config, preset } = page.latest();
  const deeper = { ...config, model: { ...config.model, depth: 2 } };
  page.queue.train([{ config: deeper, preset, text: mobyDick }]);
  await page.scored();
  expect(page.run.getState().config?.model.depth).toBe(2);
});

test('a run that was given a name begins under it, and stays in sight when the next begins', async () => {
  const page = queuePage();
  const { config, preset } = page.config.getState();
  const named = (name: string, seed: number) => ({
    config: { ...config, training: { ...config.training, seed } },
    preset,
    text: mobyDick,
    name,
  });
  page.queue.train([named('wide', 1), named('wide', 2), { ...named('', 3), name: undefined }]);
  await settled();
  expect(page.queue.store.getState().begun?.name).toBe('wide');
  await page.finish();
  await page.finish();
  await page.finish();
  expect(page.records().map(({ name, pin }) => [name, pin])).toEqual([
    ['wide', 0],
    ['wide 2', 1],
    [expect.stringMatching(/^[a-z]+ [a-z]+$/), null],
  ]);
});
