import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (milliseconds: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));

/** A browser's device that tells after so many milliseconds what has finished, and after others that it is lost. */
async function opened(answerMs: number, lossMs: number): Promise<Gpu> {
  const device = {
    queue: { onSubmittedWorkDone: () => after(answerMs) },
    // Counted from `open`, which takes three answers.
    lost: after(3 * answerMs + lossMs).then(() => ({ reason: 'unknown', message: 'reset' })),
    addEventListener: () => {},
  };
  const adapter = { features: new Set(), limits: {}, info: {}, requestDevice: async () => device };
  const open = Gpu.open({ requestAdapter: async () => adapter } as unknown as GPU);
  await vi.advanceTimersByTimeAsync(3 * answerMs);
  return open;
}

/** What `isLost` says of a device, and after how many milliseconds. */
async function said(gpu: Gpu): Promise<[boolean, number]> {
  const start = performance.now();
  const answer = gpu.isLost().then((lost): [boolean, number] => [lost, performance.now() - start]);
  await vi.advanceTimersByTimeAsync(10_000);
  return answer;
}

test('a loss is waited for a moment, and known as soon as it is told', async () => {
  expect(await said(await opened(1, 100))).toEqual([true, 100]);
  expect(await said(await opened(1, 5000))).toEqual([false, 200]);
});

test('where a browser looks seldom for finished work, a loss may be told late, too', async () => {
  expect(await said(await opened(100, 1000))).toEqual([true, 1000]);
  expect(await said(await opened(100, 5000))).toEqual([false, 2000]);
});
