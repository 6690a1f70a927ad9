import { expect, test } from 'vitest';
import { RateMeter } from '../../src/data/rate-meter.ts';

test('the rate is that of the bytes since the first report', () => {
  const meter = new RateMeter();
  expect(meter.add(9_000_000, 100)).toBe(0);
  expect(meter.add(500, 1100)).toBe(500);
  expect(meter.add(1500, 2100)).toBe(1000);
});

test('what came more than three seconds ago does not count any more', () => {
  const meter = new RateMeter();
  meter.add(0, 0);
  meter.add(8000, 1000);
  expect(meter.add(100, 5000)).toBe(25);
  expect(meter.add(300, 6000)).toBe(300);
});
