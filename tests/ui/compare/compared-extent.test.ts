import { expect, test } from 'vitest';
import type { ChartLine } from '../../../src/ui/chart/chart-line.ts';
import { comparedExtent } from '../../../src/ui/compare/compared-extent.ts';
import { lineOf } from '../support/chart-line.ts';

/** A loss that falls steeply from 8 bits and then slowly to `end`. */
function run(name: string, end: number, steps = 1000): ChartLine {
  const values = Array.from({ length: steps }, (_, at) => end + (8 - end) * Math.exp((-40 * (at + 1)) / steps));
  return lineOf('exact', values, 1, 1, name);
}

const flat = (name: string, bits: number): ChartLine => lineOf('exact', new Array<number>(1000).fill(bits), 1, 1, name);

test('the first steps, which are all alike, take no room from the difference', () => {
  const { extent, above } = comparedExtent([run('a', 2.78), run('b', 2.87)], 0, null);

  expect(extent!.min).toBeCloseTo(2.78, 2);
  expect(extent!.max).toBeLessThan(2.9);
  expect(above).toEqual([]);
});

test('a run that has come apart flattens no other, and is named', () => {
  const { extent, above } = comparedExtent([flat('lost', 3.9e8), run('a', 2.78), run('b', 2.87)], 0, null);

  expect(extent!.max).toBeLessThan(2.9);
  expect(above).toEqual(['lost']);
  expect(comparedExtent([flat('lost', 3.9e8)], 0, null)).toMatchObject({ extent: { max: 3.9e8 }, above: [] });
});

test('a run in its first steps has not come apart', () => {
  expect(comparedExtent([lineOf('exact', [8.3, 8.35]), run('a', 2.78)], 0, null).above).toEqual([]);
});

test('one that stays far above several others flattens none of them, but of two runs both are seen', () => {
  const stuck = flat('stuck', 4.6);
  expect(comparedExtent([stuck, run('a', 2.78), run('b', 2.87)], 0, null).above).toEqual(['stuck']);
  expect(comparedExtent([stuck, run('a', 2.78)], 0, null)).toMatchObject({ extent: { max: 4.6 }, above: [] });
});

test('a spike of a run that came back makes the axis no higher than a byte of which nothing is known', () => {
  const values = Array.from({ length: 1000 }, (_, at) => (at > 400 && at < 420 ? 900 : 3));

  expect(comparedExtent([lineOf('exact', values), run('b', 2.87)], 0, null).extent!.max).toBe(8.5);
});

test('a short run counts from its own beginning, and a part of the axis with all that is seen there', () => {
  const short = run('short', 3.5, 50);
  expect(comparedExtent([short, run('a', 2.78)], 0, null).extent!.max).toBeGreaterThan(3.5);
  expect(comparedExtent([short, run('a', 2.78)], 0, { from: 0, to: 10 }).extent!.max).toBeGreaterThan(7);
  expect(comparedExtent([short, run('a', 2.78)], 0, { from: 500, to: 1000 }).extent!.max).toBeLessThan(2.8);
});
