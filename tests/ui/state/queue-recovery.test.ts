import { describe, expect, test } from 'vitest';
import { gpuAdapter, mobyDick } from '../support/fake-worker.ts';
import { trainingQueuePage } from '../support/queue-page.ts';
import { settled } from '../support/storing-page.ts';

describe('Where a device is lost or a worker crashes, the next run', () => {
  test('has the one before measured again whose device was lost meanwhile', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    await page.done();
    await page.kept();
    page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
    page.emit({ type: 'corpus', info: mobyDick });
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    expect(page.asked()).toBe(0);
    await page.done();
    expect([page.asked(), page.wait()]).toEqual([1, { why: 'measuring' }]);
  });

  test('begins in a new worker where the device of the one before was lost for good', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
    await settled();
    expect(page.wait()).toEqual({ why: 'lost' });
    page.queue.goOn();
    await settled();
    expect([page.workers.length, page.begun()]).toEqual([2, [0]]);
    page.emit({ type: 'corpus', info: mobyDick });
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    await settled();
    expect(page.begun()).toEqual([0, 1]);
  });

  test('begins once more where its own device was lost before anything of it was kept', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 2);
    await page.finish();
    page.makeSteps(5);
    page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
    await settled();
    page.queue.goOn();
    page.emit({ type: 'corpus', info: mobyDick });
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    await settled();
    expect([page.begun(), page.waiting()]).toEqual([[0, 1, 1], [2]]);
  });

  test('begins once more in a new worker where its own has crashed before anything of it was kept', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 2);
    await page.finish();
    page.makeSteps(5);
    page.emit({ type: 'crashed', message: 'no script' });
    await settled();
    expect(page.wait()).toEqual({ why: 'failed' });
    page.queue.goOn();
    page.emit({ type: 'corpus', info: mobyDick });
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    await settled();
    expect([page.workers.length, page.begun(), page.waiting()]).toEqual([2, [0, 1, 1], [2]]);
  });

  test('is the same run still when it is restarted after its device was lost, whatever the form says', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    page.choose('batchSize', '7');
    await page.finish();
    page.makeSteps(5);
    const { config } = page.run.getState();
    page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
    page.controller.restart();
    page.emit({ type: 'corpus', info: mobyDick });
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    await page.done();
    expect(page.run.getState().config).toEqual(config);
    // Its end is measured, as that of every run that waited.
    expect([page.begun(), page.waiting(), page.asked()]).toEqual([[0, 1, 1], [], 1]);
  });

  test('waits once more where its device was lost and something else is done than to begin it again', async () => {
    for (const leave of ['reset', 'startOver'] as const) {
      const page = trainingQueuePage();
      page.queue.repeat(page.latest(), 1);
      await page.finish();
      page.makeSteps(5);
      page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
      page.controller[leave]();
      await settled();
      expect(page.waiting(), leave).toEqual([1]);
    }
  });

  test('does not wait once more where it was restarted and then given up', async () => {
    const page = trainingQueuePage();
    page.queue.repeat(page.latest(), 1);
    await page.finish();
    page.makeSteps(5);
    page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
    page.controller.restart();
    page.emit({ type: 'corpus', info: mobyDick });
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    page.makeSteps(5);
    page.controller.reset();
    await settled();
    expect(page.waiting()).toEqual([]);
  });
});

test('what the form holds does not wait beside the same run that lost its device: that can begin again', () => {
  const page = trainingQueuePage();
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  page.queue.add(page.config.getState());
  expect(page.waiting()).toEqual([]);
});
