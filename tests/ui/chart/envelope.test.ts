import { expect, test } from 'vitest';
import { Column } from '../../../src/ui/chart/column.ts';
import { Envelope } from '../../../src/ui/chart/envelope.ts';
import { extentOfAll, extentWithin } from '../../../src/ui/chart/extent-within.ts';
import { Series } from '../../../src/ui/chart/series.ts';
import { lineOf } from '../support/chart-line.ts';

/** Series over steps 1, 2, 3 ... */
function members(...rows: number[][]): Series[] {
  const x = new Column();
  x.appendAll(rows[0].map((_, at) => at + 1));
  return rows.map((values) => {
    const series = new Series(x);
    series.y.appendAll(values);
    return series;
  });
}

test('an envelope goes from the lowest to the highest value at each step, whichever series has it', () => {
  const { low, high } = new Envelope(members([5, 1, 3], [4, 2, 9], [6, 0, 3])).boundsBy(0);

  expect([...low.view()]).toEqual([4, 0, 3]);
  expect([...high.view()]).toEqual([6, 2, 9]);
});

test('its series are smoothed before they are compared: what alternates in two of them lies close together', () => {
  const up = Array.from({ length: 40 }, (_, at) => 3 + (at % 2));
  const down = up.map((value) => 7 - value);
  const envelope = new Envelope(members(up, down));
  const gap = (weight: number): number => {
    const { low, high } = envelope.boundsBy(weight);
    return high.last - low.last;
  };

  expect(gap(0)).toBe(1);
  expect(gap(0.9)).toBeLessThan(0.25);
  expect(gap(0)).toBe(1);
});

test('an axis has room for the band of a line, and its last value is that of the line', () => {
  const line = { ...lineOf('exact', [5, 4, 3]), band: new Envelope(members([6, 5, 4], [4, 3, 2])) };

  expect(extentWithin(line, { from: 2, to: 3 }, 0.5)).toEqual({ min: 2, max: 5, minPositive: 2, last: 3 });
  expect(extentOfAll([line], 0.5, null)).toMatchObject({ min: 2, max: 6 });
});
