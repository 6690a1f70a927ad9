import { expect, test } from 'vitest';
import { niceTicks, viewEnd } from '../../../src/ui/chart/ticks.ts';

test('ticks are round numbers within the range', () => {
  expect(niceTicks(0, 600, 6)).toEqual([0, 100, 200, 300, 400, 500, 600]);
  expect(niceTicks(2, 8.5, 7)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  expect(niceTicks(0, 1, 4)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(niceTicks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
});

test('a range without extent has one tick', () => {
  expect(niceTicks(3, 3, 5)).toEqual([3]);
});

test('a chart shows the whole run before it begins, then the half, quarter ... that the curve still fits in', () => {
  expect(viewEnd(0, 600)).toBe(600);
  expect([1, 37, 38, 75, 76, 150, 299, 301, 600].map((step) => viewEnd(step, 600))).toEqual([
    38, 38, 75, 75, 150, 150, 300, 600, 600,
  ]);
});

test('a chart never ends before the curve', () => {
  for (let step = 0; step <= 300; step++) expect(viewEnd(step, 300)).toBeGreaterThanOrEqual(step);
  expect(viewEnd(700, 600)).toBe(700);
});
