import { expect, test } from 'vitest';
import { KernelSums, type KernelTime } from '../../src/gpu/kernel-sums.ts';

/** What a clock that goes by ticks of so many milliseconds makes of dispatches, one after the other, in each of a few runs. */
function profileOf(
  tick: number,
  runs: number,
  dispatches: readonly (readonly [label: string, ms: number])[],
): KernelTime[] {
  const sums = new KernelSums();
  const read = (time: number): number => tick * Math.floor(time / tick);
  let now = 0;
  for (let run = 0; run < runs; run++) {
    for (const [label, ms] of dispatches) {
      sums.add(label, read(now + ms) - read(now));
      now += ms;
    }
    sums.endRun();
  }
  return sums.times();
}

test('times are those of one run, the slowest kernel first', () => {
  const times = profileOf(1e-6, 3, [
    ['norm', 0.25],
    ['matmul', 2],
    ['norm', 0.25001],
  ]);
  expect(times).toEqual([
    { label: 'matmul', dispatches: 1, milliseconds: expect.closeTo(2, 5) },
    { label: 'norm', dispatches: 2, milliseconds: expect.closeTo(0.50001, 5) },
  ]);
});

test('a clock that is rounded to a tenth of a millisecond tells shorter times by many runs', () => {
  const calls = Array.from({ length: 20 }, () => ['norm', 0.0217] as const);
  const [time] = profileOf(0.1, 20, [...calls, ['matmul', 0.003] as const]).filter(({ label }) => label === 'norm');
  expect(time.milliseconds).toBeGreaterThan(0.9 * 20 * 0.0217);
  expect(time.milliseconds).toBeLessThan(1.1 * 20 * 0.0217);
});

test('what comes to a few ticks only is too short for the clock, and comes last', () => {
  const times = profileOf(0.1, 10, [
    ['add', 0.037],
    ['matmul', 5.01],
  ]);
  expect(times).toEqual([
    { label: 'matmul', dispatches: 1, milliseconds: expect.closeTo(5.01, 1) },
    { label: 'add', dispatches: 1, milliseconds: null },
  ]);
});

test('a single tick of a coarse clock is too short for it, also where it is all that there is', () => {
  const times = profileOf(0.1, 1, [
    ['matmul', 5.08],
    ['add', 0.05],
  ]);
  expect(times).toEqual([
    { label: 'matmul', dispatches: 1, milliseconds: expect.closeTo(5, 5) },
    { label: 'add', dispatches: 1, milliseconds: null },
  ]);
});

test('a dispatch that the clock gave no time for counts as the others of its kernel', () => {
  const sums = new KernelSums();
  for (const [label, ms] of [
    ['matmul', 2],
    ['matmul', NaN],
    ['add', NaN],
  ] as const) {
    sums.add(label, ms);
  }
  for (let i = 0; i < 9; i++) sums.add('norm', 1 + 1e-6 * (i % 2));
  sums.endRun();
  expect(sums.times()).toEqual([
    { label: 'norm', dispatches: 9, milliseconds: expect.closeTo(9, 4) },
    { label: 'matmul', dispatches: 2, milliseconds: 4 },
    { label: 'add', dispatches: 1, milliseconds: null },
  ]);
});
