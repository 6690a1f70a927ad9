import { expect, test } from 'vitest';
import { presetConfig } from '../../src/config/presets.ts';
import { kernelTraits } from '../../src/model/kernel-traits.ts';
import { tinyHierarchy } from '../support/tiny-model.ts';

const traitsOf = (...hierarchies: Parameters<typeof tinyHierarchy>[1][]) =>
  kernelTraits({ hierarchies: hierarchies.map((changes, i) => tinyHierarchy(2 ** i, changes)) });

test('attention has the widths of all heads, each once, of hierarchies that attend', () => {
  const attending = [{ dimHead: 32 }, { dimHead: 6 }, { dimHead: 32 }, { dimHead: 64, window: 0 }];
  expect(traitsOf(...attending).headWidths).toEqual([6, 32]);
});

test('products are aligned where every width is a multiple of four', () => {
  expect(traitsOf({}, { dim: 12 }).aligned).toBe(true);
  expect(traitsOf({}, { dim: 9 }).aligned).toBe(false);
  expect(traitsOf({}, { heads: 3, dimHead: 6 }).aligned).toBe(false);
  expect(traitsOf({}, { dim: 12, ffMult: 1.5 }).aligned).toBe(false);
  expect(kernelTraits(presetConfig('readme4').model).aligned).toBe(true);
});
