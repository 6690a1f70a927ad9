import { expect, test } from 'vitest';
import { BucketCache } from '../../../src/ui/chart/buckets.ts';
import type { Buckets } from '../../../src/ui/chart/buckets.ts';
import { Column } from '../../../src/ui/chart/column.ts';

function bucketsOf(points: [x: number, y: number][], from: number, to: number, count: number): Buckets {
  const x = new Column();
  const y = new Column();
  for (const [px, py] of points) {
    x.append(px);
    y.append(py);
  }
  return new BucketCache().update(x, y, from, to, count);
}

test('a bucket knows its smallest, largest and last value', () => {
  const { x, min, max, last } = bucketsOf(
    [
      [0, 3],
      [1, 9],
      [2, 1],
      [3, 4],
      [6, 5],
    ],
    0,
    10,
    2,
  );

  expect([x[0], min[0], max[0], last[0]]).toEqual([3, 1, 9, 4]);
  expect([x[1], min[1], max[1], last[1]]).toEqual([6, 5, 5, 5]);
});

test('a bucket knows whether its low came before its high', () => {
  const { rising } = bucketsOf(
    [
      [0, 5],
      [1, 1],
      [2, 9],
      [5, 5],
      [6, 9],
      [7, 1],
    ],
    0,
    10,
    2,
  );

  expect([...rising]).toEqual([1, 0]);
});

test('an empty bucket has no x, and values that are missing or outside are in none', () => {
  const { x } = bucketsOf(
    [
      [-1, 1],
      [4, NaN],
      [11, 1],
      [10, 2],
    ],
    0,
    10,
    5,
  );

  expect([...x]).toEqual([NaN, NaN, NaN, NaN, 10]);
});

test('a spike of one step in 100,000 survives', () => {
  const points = Array.from({ length: 100_000 }, (_, step): [number, number] => [step, step === 54_321 ? 99 : 2]);

  const { max, min } = bucketsOf(points, 0, 100_000, 300);

  expect(Math.max(...max)).toBe(99);
  expect(min[Math.floor((54_321 / 100_000) * 300)]).toBe(2);
});

test('growing gives the same buckets as all at once, and only new values are read', () => {
  const x = new Column();
  const y = new Column();
  const cache = new BucketCache();
  for (let step = 0; step < 1000; step++) {
    x.append(step);
    y.append(Math.sin(step));
    cache.update(x, y, 0, 2000, 64);
  }
  const fresh = new BucketCache().update(x, y, 0, 2000, 64);

  expect(cache.update(x, y, 0, 2000, 64)).toEqual(fresh);
});

test('another range or width cuts anew', () => {
  const x = new Column();
  const y = new Column();
  x.appendAll([0, 1, 2, 3]);
  y.appendAll([1, 2, 3, 4]);
  const cache = new BucketCache();

  expect([...cache.update(x, y, 0, 4, 1).last]).toEqual([4]);
  expect([...cache.update(x, y, 0, 4, 2).last]).toEqual([2, 4]);
  expect([...cache.update(x, y, 2, 4, 2).last]).toEqual([3, 4]);
});
