import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { traceSpeedProbes } from '../../../src/model/speed-probes.ts';
import { TUNINGS } from '../../../src/tensor/tuning.ts';
import { timeProbe } from '../../../src/train/kernels/probe-timing.ts';
import { gpu } from '../../support/gpu.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

/**
 * How many runs each submit has, and what is found, on an adapter whose first run takes a second and the others 1 ms, by
 * a clock that says `ticks` times as much.
 */
async function timed(ticks: number, { samples = 3, mostRuns = 4096, most = Infinity } = {}) {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const submits: number[] = [];
  const time = async (_: unknown, runs: number): Promise<number> => {
    submits.push(runs);
    const milliseconds = submits.length === 1 ? 1000 : runs;
    vi.advanceTimersByTime(milliseconds);
    return ticks * milliseconds;
  };
  const clock = { time, longEnough: 12, samples, mostRuns, isOver: () => submits.length >= most };
  const found = await timeProbe(device, traceSpeedProbes(TUNINGS.software).dispatches, clock);
  return { submits, found };
}

test('the first run is not counted; then runs are put together until they take long enough', async () => {
  expect(await timed(1)).toEqual({ submits: [1, 1, 8, 16, 16, 16], found: 1 });
});

test('runs are no more than may be in one submit', async () => {
  expect(await timed(1, { mostRuns: 8, samples: 2 })).toEqual({ submits: [1, 1, 8, 8], found: 1 });
});

test('a clock that stands still does not make submits ever longer', async () => {
  const { submits, found } = await timed(0);
  expect(submits).toEqual([1, 1, 8, 64, 512, 512, 512]);
  expect(found).toBe(0);
});

test('nothing is found where time is over before', async () => {
  expect(await timed(1, { most: 4 })).toEqual({ submits: [1, 1, 8, 16], found: null });
  expect(await timed(1, { most: 0 })).toEqual({ submits: [], found: null });
  expect(device.counts.bytesAlive).toBe(0);
});
