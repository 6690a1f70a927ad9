import { expect, test } from 'vitest';
import type { ChartLine } from '../../../src/ui/chart/chart-line.ts';
import { readoutValue } from '../../../src/ui/chart/readout-value.ts';
import { lineOf } from '../support/chart-line.ts';

const falling = [8, 6, 4];

test('beyond its end a line has no value', () => {
  for (const style of ['exact', 'joined', 'faint'] as const) {
    const line = lineOf(style, falling, 1, 100);
    expect(readoutValue(line, 300, 0.85)).toBe(4);
    expect(readoutValue(line, 310, 0.85)).toBeNaN();
  }
  expect(readoutValue(lineOf('overlay', [], 1), 1, 0.85)).toBeNaN();
});

test('a dot stands for the half of the way to the next', () => {
  const line = lineOf('dots', falling, 10);
  expect([24, 26, 35, 36].map((x) => readoutValue(line, x, 0.85))).toEqual([6, 4, 4, NaN]);
  expect([9, 10, 11].map((x) => readoutValue(lineOf('dots', [8], 10), x, 0.85))).toEqual([8, 8, NaN]);
});

test('a line that is drawn smoothed alone is read smoothed, one that shows what was measured is read as that', () => {
  const smoothed = (style: ChartLine['style']) => lineOf(style, falling).series.smoothedBy(0.85).at(1);
  for (const style of ['overlay', 'area'] as const) {
    expect(smoothed(style)).not.toBe(6);
    expect(readoutValue(lineOf(style, falling), 2, 0.85)).toBe(smoothed(style));
    expect(readoutValue(lineOf(style, falling), 2, 0)).toBe(6);
  }
  for (const style of ['curve', 'exact', 'dots'] as const)
    expect(readoutValue(lineOf(style, falling), 2, 0.85)).toBe(6);
});

test('without a crosshair the latest value is read, of the smoothed line where there is one', () => {
  expect(readoutValue(lineOf('curve', falling), null, 0.85)).toBe(
    lineOf('curve', falling).series.smoothedBy(0.85).at(2),
  );
  expect(readoutValue(lineOf('dots', falling), null, 0.85)).toBe(4);
});
