import { expect, test } from 'vitest';
import { bitsRange, presentFirst } from '../../../src/ui/run/bits-range.ts';
import { lineOf } from '../support/chart-line.ts';

const own = [lineOf('curve', [8, 4, 3]), lineOf('dots', [3.1], 3)];
const broken = lineOf('overlay', [8, 3, 4e8]);

test('a pinned run that has come apart leaves the chart of the present one as it was', () => {
  expect(bitsRange(presentFirst([...own, broken], 0, null))).toEqual([2, 8.5]);
  expect(presentFirst([...own, lineOf('overlay', [9e7, 4e8])], 0, null)).toEqual(presentFirst(own, 0, null));
});

test('the best possible is on the axis from the beginning, wherever it lies', () => {
  const extent = presentFirst(own, 0, null);
  expect(bitsRange(extent, 1.53)).toEqual([1, 8.5]);
  expect(bitsRange(extent, 2.26)).toEqual([2, 8.5]);
});

test('the present run is shown to its height, and pinned ones down to where they are', () => {
  expect(bitsRange(presentFirst([broken, ...own], 0, null))[1]).toBe(4e8);
  expect(bitsRange(presentFirst([...own, lineOf('overlay', [1.2])], 0, null))).toEqual([1, 8.5]);
  expect(bitsRange(presentFirst([], 0, null))).toEqual([2, 8.5]);
});
