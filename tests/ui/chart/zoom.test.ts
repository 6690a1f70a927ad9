import { expect, test } from 'vitest';
import { between, closer, shownZoom, wider } from '../../../src/ui/chart/zoom.ts';

test('what lies between two places is looked at, from left to right and in whole steps', () => {
  expect(between(80.4, 20.6, 'step', 100)).toEqual({ from: 21, to: 80 });
  expect(between(-3, 1.5, 'time', 100)).toEqual({ from: 0, to: 1.5 });
});

test('there is no look closer than a few values', () => {
  expect(between(50, 50.9, 'step', 100)).toBeNull();
  expect(between(1e12, 1.000_01e12, 'flops', 1e12)).toBeNull();
  let shown = { from: 0, to: 1000 };
  for (let press = 0; press < 40; press++) shown = closer(shown, 500, 'step', 1000);
  expect(shown.to - shown.from).toBeGreaterThanOrEqual(2);
  expect(shown.from).toBeLessThanOrEqual(500);
  expect(shown.to).toBeGreaterThanOrEqual(500);
});

test('half and twice as much keep the place that they are about, within the axis', () => {
  expect(closer({ from: 0, to: 100 }, 25, 'time', 100)).toEqual({ from: 12.5, to: 62.5 });
  expect(closer({ from: 0, to: 100 }, 100, 'time', 100)).toEqual({ from: 50, to: 100 });
  expect(wider({ from: 10, to: 30 }, 20, 'time', 100)).toEqual({ from: 0, to: 40 });
  expect(wider({ from: 90, to: 100 }, 95, 'time', 100)).toEqual({ from: 80, to: 100 });
});

test('all of an axis is no closer look', () => {
  expect(wider({ from: 20, to: 80 }, 50, 'step', 100)).toBeNull();
  expect(shownZoom({ from: 20, to: 80 }, 100)).toEqual({ from: 20, to: 80 });
  expect(shownZoom({ from: 120, to: 180 }, 100)).toBeNull();
});
