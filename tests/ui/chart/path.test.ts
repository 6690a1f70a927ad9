import { expect, test } from 'vitest';
import { BucketCache } from '../../../src/ui/chart/buckets.ts';
import type { Buckets } from '../../../src/ui/chart/buckets.ts';
import { Column } from '../../../src/ui/chart/column.ts';
import { bandPath, dotsPath, linePath, rangePath } from '../../../src/ui/chart/path.ts';

const same = (value: number): number => value;

function bucketsOf(x: number[], y: number[], count: number): Buckets {
  const columnX = new Column();
  const columnY = new Column();
  columnX.appendAll(x);
  columnY.appendAll(y);
  return new BucketCache().update(columnX, columnY, 0, 10, count);
}

test('a line goes through the last value of each bucket and over empty ones', () => {
  expect(linePath(bucketsOf([1, 2, 9], [5, 6, 7], 5), same, same)).toBe('M1.0 5.0L2.0 6.0L9.0 7.0');
});

test('a range visits low and high in the order in which they came', () => {
  expect(rangePath(bucketsOf([1, 2, 6, 7], [3, 8, 8, 3], 2), same, same)).toBe('M2.0 3.0L2.0 8.0L7.0 8.0L7.0 3.0');
});

test('a band goes along the highest of its upper edge and back along the lowest of its lower one', () => {
  const [low, high] = [bucketsOf([0.5, 1, 9], [1, 2, 3], 5), bucketsOf([0.5, 1, 9], [7, 5, 6], 5)];

  expect(bandPath(low, high, same, same)).toBe('M1.0 7.0L9.0 6.0L9.0 3.0L1.0 1.0Z');
});

test('a dot of six pixels stands around the last value of each bucket', () => {
  const half = 'a3 3 0 1 0';
  expect(dotsPath(bucketsOf([1, 2, 9], [5, 6, 7], 2), same, same)).toBe(
    `M-1.0 6.0${half} 6 0${half} -6 0M6.0 7.0${half} 6 0${half} -6 0`,
  );
});

test('a value without a place on the scale is left out', () => {
  const log = (value: number): number | undefined => (value > 0 ? Math.log10(value) : undefined);

  expect(linePath(bucketsOf([1, 5, 9], [10, 0, 100], 5), same, log)).toBe('M1.0 1.0L9.0 2.0');
  expect(dotsPath(bucketsOf([5], [0], 5), same, log)).toBe('');
});

test('nothing measured is no path', () => {
  expect(linePath(bucketsOf([], [], 5), same, same)).toBe('');
  expect(rangePath(bucketsOf([], [], 5), same, same)).toBe('');
});
