import { expect, test } from 'vitest';
import { stepped } from '../../../src/ui/form/stepped.ts';

test('whole numbers go up and down by one or ten, not below zero', () => {
  expect(stepped('64', 1, false, false)).toBe('65');
  expect(stepped('64', -1, false, true)).toBe('54');
  expect(stepped('3', -1, false, true)).toBe('0');
});

test('decimals go to the next of 1, 2, 3, 5 times a power of ten', () => {
  expect(['3e-3', '5e-3', '0.004', '0.1'].map((text) => stepped(text, 1, true, false))).toEqual([
    '5e-3',
    '0.01',
    '5e-3',
    '0.2',
  ]);
  expect(['3e-3', '1e-3', '0.25', '1'].map((text) => stepped(text, -1, true, false))).toEqual([
    '2e-3',
    '5e-4',
    '0.2',
    '0.5',
  ]);
});

test('zero is left upwards', () => {
  expect(stepped('0', 1, true, false)).toBe('0.01');
  expect(stepped('0', -1, true, false)).toBe('0');
});

test('what is no number stays', () => {
  expect(['', 'auto', 'x'].map((text) => stepped(text, 1, false, false))).toEqual([null, null, null]);
});
