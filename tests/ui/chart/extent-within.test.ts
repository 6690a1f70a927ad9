import { expect, test } from 'vitest';
import { extentWithin } from '../../../src/ui/chart/extent-within.ts';
import { lineOf } from '../support/chart-line.ts';

test('of a part of the axis both ends count, missing values do not', () => {
  const line = lineOf('exact', [8, 6, NaN, 5, 0, 9], 1, 100);

  expect(extentWithin(line, { from: 200, to: 500 }, 0.85)).toEqual({ min: 0, max: 6, minPositive: 5, last: 0 });
  expect(extentWithin(line, { from: 0, to: 1e9 }, 0.85)).toEqual({ min: 0, max: 9, minPositive: 5, last: 9 });
  expect(extentWithin(line, { from: 201, to: 399 }, 0.85)).toBeNull();
});

test('a smoothed line counts as it is drawn, and a stack to its sum', () => {
  const spike = [3, 3, 3, 3, 9, 3, 3, 3];
  expect(extentWithin(lineOf('overlay', spike), { from: 1, to: 8 }, 0.9)!.max).toBeLessThan(9);
  expect(extentWithin(lineOf('overlay', spike), { from: 1, to: 8 }, 0)!.max).toBe(9);
  const stacked = { ...lineOf('area', [1, 1]), drawn: lineOf('area', [4, 5]).series };
  expect(extentWithin(stacked, { from: 1, to: 2 }, 0)!.max).toBe(5);
});
