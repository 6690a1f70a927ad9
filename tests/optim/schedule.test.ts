import { expect, test } from 'vitest';
import { learningRateAt, type ScheduleOptions } from '../../src/optim/schedule.ts';

const constant: ScheduleOptions = { learningRate: 0.01, warmupSteps: 4, schedule: 'constant', steps: 12 };
const cosine: ScheduleOptions = { ...constant, schedule: 'cosine' };

test('the warm-up rises linearly to the full rate, whatever follows', () => {
  for (const options of [constant, cosine]) {
    const rates = [0, 1, 2, 3].map((step) => learningRateAt(step, options));
    expect(rates).toEqual([0.0025, 0.005, 0.0075, 0.01]);
  }
});

test('a constant rate stays', () => {
  expect(learningRateAt(4, constant)).toBe(0.01);
  expect(learningRateAt(1_000_000, constant)).toBe(0.01);
});

test('a cosine starts at the full rate, has half of it half-way and ends at 0', () => {
  expect(learningRateAt(4, cosine)).toBe(0.01);
  expect(learningRateAt(8, cosine)).toBeCloseTo(0.005, 12);
  expect(learningRateAt(11, cosine)).toBeGreaterThan(0);
  expect(learningRateAt(12, cosine)).toBe(0);
  expect(learningRateAt(13, cosine)).toBe(0);
});

test('without a warm-up the first step has the full rate', () => {
  expect(learningRateAt(0, { ...constant, warmupSteps: 0 })).toBe(0.01);
  expect(learningRateAt(0, { ...cosine, warmupSteps: 0 })).toBe(0.01);
});

test('a warm-up longer than the run has no cosine after it', () => {
  const long = { ...cosine, warmupSteps: 20 };
  expect(learningRateAt(19, long)).toBe(0.01);
  expect(Number.isFinite(learningRateAt(21, long))).toBe(true);
});
