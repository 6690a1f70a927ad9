import { expect, test } from 'vitest';
import { predictingIndex } from '../../src/config/predicting-hierarchy.ts';
import { tinyHierarchy } from '../support/tiny-model.ts';

test.each([
  [null, 1],
  [8, 0],
  [4, 2],
  [16, 1],
])('of 8x, 2x and 4x, in this order, predicts with factor %s the one at %i', (predictFactor, index) => {
  const hierarchies = [8, 2, 4].map((factor) => tinyHierarchy(factor));
  expect(predictingIndex({ hierarchies, predictFactor })).toBe(index);
});

test('no hierarchy predicts where there is none', () => {
  expect(predictingIndex({ hierarchies: [], predictFactor: null })).toBe(-1);
});
