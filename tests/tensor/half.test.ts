import { expect, test } from 'vitest';
import { floatsOf, halvesOf } from '../../src/tensor/half.ts';

test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65519.99, 0x7bff],
  [65520, 0x7c00],
  [-Infinity, 0xfc00],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  // Halfway between neighbours: to the even one.
  [2 ** -25, 0x0000],
  [3 * 2 ** -25, 0x0002],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  // Up to the next power of two, also from where numbers lose digits.
  [2 - 2 ** -12, 0x4000],
  [2 ** -14 - 2 ** -26, 0x0400],
])('the nearest f16 of %d has the bits %i', (value, bits) => {
  expect(halvesOf([value])[0]).toBe(bits);
});

test('every f16 is its own nearest', () => {
  const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
  const isNumber = (bits: number): boolean => (bits & 0x7fff) <= 0x7c00;
  expect(halvesOf(floatsOf(all)).filter(isNumber)).toEqual(all.filter(isNumber));
  expect([...floatsOf(all)].filter(Number.isNaN)).toHaveLength(2 * 1023);
});
