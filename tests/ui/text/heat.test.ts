import { expect, test } from 'vitest';
import { contrast, heatIndex, heatStyle, heatTables, luminance } from '../../../src/ui/text/heat.ts';

test('labels can be read on every colour of both scales', () => {
  for (const table of [heatTables.light, heatTables.dark]) {
    expect(Math.min(...table.map(({ background, ink }) => contrast(background, ink)))).toBeGreaterThanOrEqual(4.5);
  }
});

test('more bits are darker on a light page and lighter on a dark one, all the way', () => {
  const steps = (name: 'light' | 'dark') =>
    heatTables[name]
      .slice(1)
      .map(({ background }, at) => luminance(background) - luminance(heatTables[name][at].background));
  expect(Math.max(...steps('light'))).toBeLessThanOrEqual(0);
  expect(Math.min(...steps('dark'))).toBeGreaterThanOrEqual(0);
});

test('the scale runs from 0 to 8 bits and ends there', () => {
  expect([heatIndex(0), heatIndex(4), heatIndex(8), heatIndex(30), heatIndex(-0.001)]).toEqual([0, 128, 255, 255, 0]);
  expect(heatStyle(NaN)).toBeUndefined();
});
