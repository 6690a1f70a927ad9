import { describe, expect, test } from 'vitest';
import { mobyDick } from '../support/fake-worker.ts';
import { memoryStorage } from '../support/memory-storage.ts';
import { queuePage, trainingQueuePage } from '../support/queue-page.ts';
import { settled } from '../support/storing-page.ts';

describe('What waits is kept in the tab', () => {
  test('and after a reload begins when somebody says so', async () => {
    const storage = memoryStorage();
    const before = trainingQueuePage(() => storage);
    before.queue.repeat(before.latest(), 2);
    const after = queuePage(() => storage);
    await settled();
    expect(after.queue.store.getState().waiting).toMatchObject(
      before.queue.store
        .getState()
        .waiting.map(({ config, preset }) => ({ config, preset, text: { name: 'Moby Dick' } })),
    );
    expect([after.begun(), after.wait()]).toEqual([[], { why: 'no run' }]);
    after.queue.goOn();
    await settled();
    expect([after.begun(), after.waiting()]).toEqual([[1], [2]]);
    await after.finish();
    await after.finish();
    expect(queuePage(() => storage).waiting()).toEqual([]);
  });

  test('with the one under way in front as long as nothing of that is kept', async () => {
    const storage = memoryStorage();
    const page = trainingQueuePage(() => storage);
    page.queue.repeat(page.latest(), 2);
    await page.finish();
    page.makeSteps(5);
    expect(page.begun()).toEqual([0, 1]);
    expect(queuePage(() => storage).waiting()).toEqual([1, 2]);

    await page.kept();
    expect(queuePage(() => storage).waiting()).toEqual([2]);
  });

  test('with the one that is through in front until there is a copy of its end, or is known to be none', async () => {
    const storage = memoryStorage();
    const page = trainingQueuePage(() => storage);
    page.queue.repeat(page.latest(), 2);
    await page.finish();
    await page.done();
    expect(queuePage(() => storage).waiting()).toEqual([1, 2]);
    page.emit({ type: 'unkept', runId: page.runId(), cause: { why: 'size', bytes: 3e9, most: 2e9 } });
    expect(queuePage(() => storage).waiting()).toEqual([2]);
  });

  test('but no run that somebody has reset', async () => {
    const storage = memoryStorage();
    const page = trainingQueuePage(() => storage);
    page.queue.repeat(page.latest(), 2);
    await page.finish();
    page.controller.reset();
    await settled();
    expect(queuePage(() => storage).waiting()).toEqual([2]);
  });

  test('but not what cannot be read', () => {
    const text = { name: 'Moby Dick', sha256: null };
    const waiting = (kept: unknown): number[] => {
      const storage = memoryStorage();
      storage.setItem('queue', typeof kept === 'string' ? kept : JSON.stringify(kept));
      return queuePage(() => storage).waiting();
    };
    expect(waiting([{ query: 'p=micro&sd=5', text }])).toEqual([5]);
    for (const broken of [
      'no list',
      { length: 1 },
      [null, 3],
      [{ query: 'p=micro&sd=5' }],
      [{ query: 7, text }],
      [{ query: 'p=micro&sd=-5', text }],
      [{ query: 'p=micro&sd=5', text: { name: 'Moby Dick' } }],
    ])
      expect(waiting(broken), JSON.stringify(broken)).toEqual([]);
  });

  test('where the browser lets it; else as long as the page', async () => {
    const page = trainingQueuePage(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    page.queue.repeat(page.latest(), 1);
    await page.finish();
    expect(page.begun()).toEqual([0, 1]);
  });
});

test('a name that a run was given outlives a reload', async () => {
  const storage = memoryStorage();
  const before = trainingQueuePage(() => storage);
  const { config, preset } = before.config.getState();
  const run = { config: { ...config, training: { ...config.training, seed: 5 } }, preset, text: mobyDick };
  before.queue.train([{ ...run, name: 'wide' }, run]);
  await settled();
  expect(
    queuePage(() => storage)
      .queue.store.getState()
      .waiting.map(({ name }) => name),
  ).toEqual(['wide', undefined]);
});
