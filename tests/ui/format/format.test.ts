import { expect, test } from 'vitest';
import { bytes, compact, duration, exact, loss, percent, withError } from '../../../src/ui/format/quantity.ts';

test('large numbers are shown with three digits and a prefix', () => {
  expect([0, 7, 999, 999.6, 1000, 611_968, 7.25e9, 1e13].map(compact)).toEqual([
    '0 ',
    '7 ',
    '999 ',
    '1 k',
    '1 k',
    '612 k',
    '7.25 G',
    '10 T',
  ]);
  expect([0.025e9, 83_968].map(compact)).toEqual(['25 M', '84 k']);
  expect(compact(-1500)).toBe('−1.50 k');
  expect(compact(NaN)).toBe('–');
});

test('three digits also where trailing zeros would mislead', () => {
  expect([7.2, 7.204, 41.26, 400, 0.5].map((value) => compact(value).trim())).toEqual([
    '7.20',
    '7.20',
    '41.3',
    '400',
    '0.5',
  ]);
});

test('bytes, exact numbers and shares', () => {
  expect(bytes(63.2e6)).toBe('63.2 MB');
  expect(bytes(512)).toBe('512 B');
  expect(exact(1_204_997)).toBe('1,204,997');
  expect([0.4466, 0.0036, 0, 1].map(percent)).toEqual(['45 %', '< 1 %', '0 %', '100 %']);
});

test('durations count up to hours', () => {
  expect([0, 16.4, 59.6, 723, 3723].map(duration)).toEqual(['0:00', '0:16', '1:00', '12:03', '1:02:03']);
  expect(duration(Infinity)).toBe('–');
});

test('a loss has two digits behind the point, a small one three, a missing one a dash', () => {
  expect([3.166, 0.0456, 12].map(loss)).toEqual(['3.17', '0.046', '12.00']);
  expect([999.9, 1000, 385_542_559.25].map(loss)).toEqual(['999.90', '1e3', '3.9e8']);
  expect([NaN, null, undefined].map(loss)).toEqual(['–', '–', '–']);
});

test('a mean has as many digits as its standard error leaves it', () => {
  expect(withError({ mean: 2.34567, error: 0.0123 })).toBe('2.346 ± 0.012');
  expect(withError({ mean: 2.34567, error: 0.0093 })).toBe('2.346 ± 0.009');
  expect(withError({ mean: 2.34567, error: 0.04 })).toBe('2.35 ± 0.04');
  expect(withError({ mean: 2.34567, error: 0.3 })).toBe('2.35 ± 0.30');
  expect(withError({ mean: 2.34567, error: 0.00003 })).toBe('2.34567 ± 0.00003');
  expect(withError({ mean: 2.34567, error: 0 })).toBe('2.3457 ± 0.0000');
  expect(withError({ mean: 2.34567, error: null })).toBe('2.35');
});
