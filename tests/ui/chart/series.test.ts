import { expect, test } from 'vitest';
import { BucketCache } from '../../../src/ui/chart/buckets.ts';
import { Column } from '../../../src/ui/chart/column.ts';
import { areaPath, linePath } from '../../../src/ui/chart/path.ts';
import { endOf, nearestTo, xAt } from '../../../src/ui/chart/placement.ts';
import { Series } from '../../../src/ui/chart/series.ts';
import { logDomain } from '../../../src/ui/chart/y-axis.ts';

function seriesOf(values: readonly number[]): Series {
  const x = new Column();
  x.appendAll(values.map((_, at) => at + 1));
  const series = new Series(x);
  series.y.appendAll(values);
  return series;
}

const wave = (count: number): number[] => Array.from({ length: count }, (_, at) => 3 + Math.sin(at) + 500 / (at + 100));

test('without smoothing a series is what was measured', () => {
  const series = seriesOf([3, NaN, 5]);

  expect([...series.smoothedBy(0).view()]).toEqual([3, NaN, 5]);
  expect(series.extentBy(0)).toEqual({ min: 3, max: 5, minPositive: 3 });
});

test('a smoothed value is the same whether ten or a hundred thousand are loaded', () => {
  const few = seriesOf(wave(10_000)).smoothedBy(0.9);
  const many = seriesOf(wave(100_000)).smoothedBy(0.9);

  expect(many.at(9998)).toBe(few.at(9998));
});

test('asking for many weights changes none of them', () => {
  const values = wave(200);
  const series = seriesOf(values);
  const alone = (weight: number): number[] => [...seriesOf(values).smoothedBy(weight).view()];

  for (const weight of [0.5, 0.6, 0.95, 0.99, 0.5]) {
    expect([...series.smoothedBy(weight).view()]).toEqual(alone(weight));
  }
  expect([...series.smoothed.view()]).toEqual(alone(0.85));
});

test('the usual course is kept, and two others', () => {
  const series = seriesOf(wave(200));
  const [usual, first, second] = [0.85, 0.5, 0.6].map((weight) => series.smoothedBy(weight));
  expect(series.smoothedBy(0.5)).toBe(first);
  series.smoothedBy(0.95);
  expect(series.smoothed).toBe(usual);
  expect(series.smoothedBy(0.6)).toBe(second);
  expect(series.smoothedBy(0.5)).not.toBe(first);
});

test('an extent grows with its series and tells the smallest above zero', () => {
  const series = seriesOf([0, 4]);
  expect(series.extentBy(0)).toEqual({ min: 0, max: 4, minPositive: 4 });

  series.x.append(3);
  series.y.append(0.25);

  expect(series.extentBy(0)).toEqual({ min: 0, max: 4, minPositive: 0.25 });
});

test('zeros and missing values leave a logarithmic curve drawn', () => {
  const series = seriesOf([8, 0, NaN, 4, 0, 2]);
  const [from, to] = logDomain(series.extentBy(0));
  const log = (value: number): number => Math.log(value / from) / Math.log(to / from);
  const buckets = new BucketCache().update(series.x, series.y, 0, 6, 100);

  expect(linePath(buckets, (x) => x, log).match(/[ML]/g)).toHaveLength(3);
});

test('other columns of the same cut make other buckets', () => {
  const cache = new BucketCache();
  const a = seriesOf([1, 2]);
  const b = seriesOf([7, 9]);
  cache.update(a.x, a.y, 0, 2, 2);

  expect([...cache.update(b.x, b.y, 0, 2, 2).last]).toEqual([0, 9]);
});

test('a value waits for its place on the x axis', () => {
  const cache = new BucketCache();
  const x = new Column();
  const y = new Column();
  y.append(5);
  expect(cache.update(x, y, 0, 10, 1).x[0]).toBeNaN();

  x.append(4);

  expect(cache.update(x, y, 0, 10, 1).x[0]).toBe(4);
});

test('an area is closed down to the bottom', () => {
  const { x, y } = seriesOf([5, 6]);
  const same = (value: number): number => value;

  expect(areaPath(new BucketCache().update(x, y, 0, 2, 2), same, same, 9)).toBe('M2.0 6.0L2.0 9.0L2.0 9.0Z');
  expect(areaPath(new BucketCache().update(new Column(), new Column(), 0, 2, 2), same, same, 9)).toBe('');
});

test('a placement finds the value at a place, whatever the scale', () => {
  const column = new Column();
  column.appendAll([1, 2, 3, 4]);
  const at = { column, scale: 7.02e9 };

  for (let index = 0; index < 4; index++) expect(nearestTo(at, xAt(at, index))).toBe(index);
  expect(endOf(at)).toBe(4 * 7.02e9);
  expect(endOf({ column: new Column(), scale: 3 })).toBe(0);
});
