import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Completion } from '../../src/gpu/completion.ts';

/** A queue that looks for what has finished when its clock ticks, and when something is submitted. */
function queueThatLooksEvery(milliseconds: number) {
  let waiting: (() => void)[] = [];
  let submits = 0;
  const look = (): void => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  setInterval(look, milliseconds);
  const later = (): Promise<undefined> => new Promise((resolve) => waiting.push(() => resolve(undefined)));
  const submit = (): void => {
    submits++;
    look();
  };
  const queue = { onSubmittedWorkDone: later, submit } as unknown as GPUQueue;
  return { queue, later, submits: () => submits };
}

async function probed(queue: GPUQueue): Promise<Completion> {
  const completion = new Completion(queue);
  const probe = completion.probe();
  await vi.advanceTimersByTimeAsync(500);
  await probe;
  return completion;
}

/** Work that lasts longer than the time between two submits of those who wait. */
function longWork(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

/** Milliseconds until a promise settles. */
async function timeOf(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  let end = NaN;
  const noted = (): void => {
    end = performance.now();
  };
  work.then(noted, noted);
  await vi.advanceTimersByTimeAsync(500);
  return end - start;
}

describe('waiting for work', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('submits nothing where a queue answers at once', async () => {
    const { queue, later, submits } = queueThatLooksEvery(1);
    const completion = await probed(queue);
    expect(await timeOf(completion.of(later()))).toBe(1);
    await timeOf(completion.of(longWork()));
    expect(submits()).toBe(0);
  });

  it('is not fooled by one late answer', async () => {
    const { queue, later, submits } = queueThatLooksEvery(1);
    let answers = 0;
    const slow = (): Promise<undefined> =>
      ++answers === 2 ? new Promise((resolve) => setTimeout(() => resolve(undefined), 80)) : later();
    queue.onSubmittedWorkDone = slow;
    const completion = await probed(queue);
    await timeOf(completion.of(longWork()));
    expect(submits()).toBe(0);
  });

  it('has a queue look that would look every 100 ms only', async () => {
    const { queue, later } = queueThatLooksEvery(100);
    const completion = await probed(queue);
    expect(await timeOf(completion.of(later()))).toBeLessThanOrEqual(4);
  });

  it('is not fooled by one early answer of a clock that was late', async () => {
    const { queue, later } = queueThatLooksEvery(100);
    let answers = 0;
    queue.onSubmittedWorkDone = () => (++answers === 3 ? Promise.resolve(undefined) : later());
    const completion = await probed(queue);
    expect(await timeOf(completion.of(later()))).toBeLessThanOrEqual(4);
  });

  it('ends the submits with the last wait, also of work that fails', async () => {
    const { queue, later, submits } = queueThatLooksEvery(100);
    const completion = await probed(queue);
    const failure = completion.of(Promise.reject(new Error('lost')));
    await expect(failure).rejects.toThrow('lost');
    await Promise.all([timeOf(completion.of(later())), timeOf(completion.of(later()))]);
    const before = submits();
    await vi.advanceTimersByTimeAsync(500);
    expect(before).toBeGreaterThan(0);
    expect(submits()).toBe(before);
  });
});
