import { expect, test } from 'vitest';
import { Column } from '../../../src/ui/chart/column.ts';
import { lastAtMost, nearest } from '../../../src/ui/chart/search.ts';

function columnOf(...values: number[]): Column {
  const column = new Column();
  column.appendAll(values);
  return column;
}

test('a column keeps every value while it grows past its capacity', () => {
  const column = new Column();
  for (let value = 0; value < 1000; value++) column.append(value);
  column.appendAll(Float64Array.from({ length: 5000 }, (_, index) => 1000 + index));

  expect(column.length).toBe(6000);
  expect(column.last).toBe(5999);
  expect([...column.view()]).toEqual(Array.from({ length: 6000 }, (_, index) => index));
});

test('an empty column has no last value', () => {
  expect(new Column().last).toBeNaN();
});

test('lastAtMost finds the entry at or before a value', () => {
  const column = columnOf(1, 2, 4, 8);

  expect([0, 1, 3, 4, 7.9, 8, Infinity].map((x) => lastAtMost(column, x))).toEqual([-1, 0, 1, 2, 2, 3, 3]);
});

test('nearest finds the closer neighbour, the earlier of two that are equally close', () => {
  const column = columnOf(1, 2, 4, 8);

  expect([-5, 1.6, 3, 5.9, 6.1, Infinity].map((x) => nearest(column, x))).toEqual([0, 1, 1, 2, 3, 3]);
  expect(nearest(new Column(), 1)).toBe(-1);
});
