import { expect, test } from 'vitest';
import { clockEnd, tickText, xAxes, xTicks } from '../../../src/ui/chart/x-axis.ts';
import { fittedLogDomain, fittedRange, joinExtents, logDomain, logTicks, yTick } from '../../../src/ui/chart/y-axis.ts';

test('a logarithmic axis reaches around all values above zero and never to zero', () => {
  expect(logDomain({ min: 0, max: 8, minPositive: 0.3 })).toEqual([0.2, 10]);
  expect(logDomain({ min: -3, max: 100, minPositive: 1 })).toEqual([1, 100]);
  expect(logDomain({ min: 5, max: 5, minPositive: 5 })).toEqual([5, 10]);
});

test('values at zero, without a sign of anything above it, have an axis all the same', () => {
  expect(logDomain(null)).toEqual([0.1, 10]);
  expect(logDomain({ min: 0, max: 0, minPositive: Infinity })).toEqual([0.1, 10]);
});

test('one tiny value does not stretch a logarithmic axis over more than eight decades', () => {
  const [from, to] = logDomain({ min: 1e-300, max: 8, minPositive: 1e-300 });

  expect(to).toBe(10);
  expect(from).toBeGreaterThan(1e-9);
});

test('ticks of a logarithmic axis are digits, or decades where there are many', () => {
  expect(logTicks(2, 10, 8)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(logTicks(0.1, 10, 4)).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10]);
  expect(logTicks(1e-6, 1e3, 5)).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000]);
  for (const [from, to] of [
    [1, 2],
    [0.5, 1],
    [1e-4, 5],
  ]) {
    const ticks = logTicks(from, to, 4);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.every((tick) => tick >= from && tick <= to)).toBe(true);
  }
});

test('a logarithmic axis that is fitted closely has labels between the digits', () => {
  expect(logTicks(2.5, 3.2, 7)).toEqual([2.5, 2.6, 2.7, 2.8, 2.9, 3, 3.1, 3.2]);
  expect(logTicks(4.1, 4.9, 5).length).toBeGreaterThanOrEqual(4);
});

test('extents join, also when some line has no value yet', () => {
  const a = { min: -1, max: 4, minPositive: 0.5 };
  const b = { min: 2, max: 9, minPositive: 2 };

  expect(joinExtents([a, null, b])).toEqual({ min: -1, max: 9, minPositive: 0.5 });
  expect(joinExtents([null])).toBeNull();
});

test('numbers at the y axis are short', () => {
  expect([0, 0.3, 0.1 + 0.2, 8.5, 0.003, 12_000, -0.5].map(yTick)).toEqual([
    '0',
    '0.3',
    '0.3',
    '8.5',
    '3e−3',
    '1.2e4',
    '−0.5',
  ]);
});

test('each x axis names its unit at its title or its ticks', () => {
  expect(xAxes.step.title).toContain('step');
  expect([0, 1.2e6, 5e5].map(xAxes.bytes.tick)).toEqual(['0', '1.2 MB', '500 kB']);
  expect([0, 90].map(xAxes.time.tick)).toEqual(['0:00', '1:30']);
  expect([0, 1.5e12, 2e12].map(xAxes.flops.tick)).toEqual(['0', '1.5 T', '2 T']);
  expect(xAxes.flops.title).toContain('FLOP');
});

test('ticks of time are at whole minutes and their usual parts', () => {
  expect(xTicks('time', { from: 0, to: 16 }, 4)).toEqual([0, 5, 10, 15]);
  expect(xTicks('time', { from: 0, to: 300 }, 6)).toEqual([0, 60, 120, 180, 240, 300]);
});

test('an axis of many days has no more ticks than there is room for, whatever a link asks for', () => {
  const day = 86_400;
  expect(xTicks('time', { from: 0, to: 30 * day }, 6)).toEqual([0, 5, 10, 15, 20, 25, 30].map((at) => at * day));
  for (const to of [30 * day, 9e11, 9e30, 999_999e99]) {
    const ticks = xTicks('time', { from: 0, to }, 8);
    expect(ticks.length).toBeGreaterThan(4);
    expect(ticks.length).toBeLessThan(14);
    expect(ticks.every((tick) => tick <= to)).toBe(true);
  }
});

test('an axis of time never ends before the curve, and seldom moves', () => {
  const ends = new Set<number>();
  for (let seconds = 0; seconds < 3600; seconds++) {
    expect(clockEnd(seconds)).toBeGreaterThanOrEqual(seconds);
    ends.add(clockEnd(seconds));
  }
  expect(ends.size).toBeLessThan(20);
});

test('ticks of a part of an axis lie in it, and are told apart', () => {
  expect(xTicks('time', { from: 61, to: 95 }, 4)).toEqual([70, 80, 90]);
  expect(xTicks('step', { from: 10, to: 12 }, 8)).toEqual([10, 11, 12]);
  const close = xTicks('step', { from: 54_320, to: 54_360 }, 4);
  expect(close.map(tickText('step', close))).toEqual(['54,320', '54,330', '54,340', '54,350', '54,360']);
  const wide = xTicks('step', { from: 0, to: 100_000 }, 4);
  expect(wide.map(tickText('step', wide))).toEqual(['0', '20k', '40k', '60k', '80k', '100k']);
  for (const [unit, from, to] of [
    ['bytes', 1_234_000, 1_234_400],
    ['time', 61, 61.5],
    ['time', 19.0053, 19.0353],
    ['flops', 1.234e12, 1.235e12],
    ['flops', 9.0001e12, 9.0005e12],
  ] as const) {
    const ticks = xTicks(unit, { from, to }, 4);
    expect(new Set(ticks.map(tickText(unit, ticks))).size).toBe(ticks.length);
    expect(ticks.every((tick) => tick >= from && tick <= to)).toBe(true);
  }
});

test('a fitted axis has round ends close around what is shown, and room around a level line', () => {
  const fitted = (min: number, max: number): number[] => fittedRange({ min, max, minPositive: min });
  expect(fitted(2.61, 3.38)).toEqual([2.6, 3.4]);
  expect(fitted(2.78, 2.87)).toEqual([2.78, 2.88]);
  const [from, to] = fitted(4, 4);
  expect(from).toBeLessThan(4);
  expect(to).toBeGreaterThan(4);
  expect(to - from).toBeLessThan(0.2);
  expect(fitted(0, 0)).toEqual([0, 1]);
});

test('a logarithmic axis is fitted as closely, unless it is decades that are shown', () => {
  expect(fittedLogDomain({ min: 2.61, max: 3.38, minPositive: 2.61 })).toEqual([2.6, 3.4]);
  expect(fittedLogDomain({ min: 5.1, max: 8.2, minPositive: 5.1 })).toEqual([5, 9]);
  expect(fittedLogDomain({ min: 0.01, max: 3, minPositive: 0.01 })).toEqual([0.01, 5]);
  expect(fittedLogDomain({ min: 0, max: 8, minPositive: 0.3 })).toEqual([0.2, 10]);
});
