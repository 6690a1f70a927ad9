import { expect, test } from 'vitest';
import { Column } from '../../../src/ui/chart/column.ts';
import { Smoother } from '../../../src/ui/chart/smoothing.ts';

function columnOf(values: Iterable<number>): Column {
  const column = new Column();
  column.appendAll([...values]);
  return column;
}

function smoothed(x: number[], y: number[], weight = 0.9): number[] {
  return [...new Smoother(weight).update(columnOf(x), columnOf(y)).view()];
}

const steps = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** The definition, computed anew for one point: a mean with weights that fall with distance. */
function weightedMean(x: number[], y: number[], at: number, weight: number): number {
  const weightAt = (i: number): number => Math.min(weight, 1 - 1 / (1 + (x[i] - x[0]) / 20));
  const keeps = x.map((_, i) => (i === 0 ? 0 : weightAt(i) ** (x[i] - x[i - 1])));
  let sum = 0;
  for (let i = 0; i <= at; i++) {
    sum += y[i] * keeps.slice(i + 1, at + 1).reduce((share, keep) => share * keep, 1 - keeps[i]);
  }
  return sum;
}

/** How far a smoothed straight line lies behind itself at its end, in units of x. */
function lagAt(end: number, weight: number): number {
  return end - smoothed(steps(end), steps(end), weight).at(-1)!;
}

test('a smoothed value is the mean of all before it, weighted by how far back they lie', () => {
  const x = [1, 2, 3, 7, 8, 20, 300, 302, 303];
  const y = [5, 3, 4, 1, 2, 6, 3, 4, 9];

  const result = smoothed(x, y, 0.8);

  x.forEach((_, at) => expect(result[at]).toBeCloseTo(weightedMean(x, y, at, 0.8), 12));
});

test('a curve never lags by more than a twentieth of the steps so far', () => {
  for (const weight of [0.6, 0.85, 0.95, 0.99]) {
    for (const end of [2, 10, 30, 100, 300, 1000]) expect(lagAt(end, weight)).toBeLessThanOrEqual(end / 20);
  }
  expect(lagAt(30, 0.85)).toBeGreaterThan(0.5);
});

test('once there are enough steps the weight is the one that was asked for', () => {
  expect(lagAt(400, 0.85)).toBeCloseTo(0.85 / 0.15, 6);
  expect(lagAt(20_000, 0.99)).toBeCloseTo(99, 6);
});

test('the first value is not pulled towards zero', () => {
  expect(smoothed([1], [7])[0]).toBe(7);
});

test('a constant comes out exactly, also beside missing values', () => {
  expect(smoothed(steps(50), Array(50).fill(0.1))).toEqual(Array(50).fill(0.1));
  expect(smoothed([1, 2, 3], [0.3, NaN, 0.3])).toEqual([0.3, 0.3, 0.3]);
});

test('a missing value repeats the average so far and counts for nothing', () => {
  const result = smoothed([1, 2, 3], [4, NaN, 2]);

  expect(result[1]).toBe(4);
  expect(result[2]).toBeCloseTo(weightedMean([1, 3], [4, 2], 1, 0.9), 12);
  expect(smoothed([1], [NaN])[0]).toBeNaN();
});

test('what comes later does not change a smoothed value, and growing gives the same as all at once', () => {
  const x = steps(100_000);
  const y = x.map((step) => Math.sin(step) + 8 / step);
  const all = smoothed(x, y);
  const smoother = new Smoother(0.9);
  const growingX = new Column();
  const growingY = new Column();
  for (let start = 0; start < 10_000; start += 1000) {
    growingX.appendAll(x.slice(start, start + 1000));
    growingY.appendAll(y.slice(start, start + 1000));
    smoother.update(growingX, growingY);
  }

  expect(smoother.result.length).toBe(10_000);
  expect(smoother.result.at(9_998)).toBe(all[9_998]);
});

test('series that are logged at different rates are smoothed over the same distance', () => {
  const dense = steps(1000);
  const sparse = dense.filter((step) => step % 10 === 0);
  const jump = (step: number): number => (step <= 900 ? 0 : 1);

  const denseEnd = smoothed(dense, dense.map(jump)).at(-1)!;
  const sparseEnd = smoothed(sparse, sparse.map(jump)).at(-1)!;

  expect(Math.abs(denseEnd - sparseEnd)).toBeLessThan(1e-3);
});
