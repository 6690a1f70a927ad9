import { expect, test } from 'vitest';
import { mergeShares } from '../../../src/train/inspection/merge-shares.ts';

test('the shares of a byte add up to 1, or are 0 where nothing goes into the merge', () => {
  const norms = Float32Array.of(1, 2, 1, 0, 0, 0, 0, 4, 0, 9, 9, 9);
  expect([...mergeShares(norms, 3, 3)]).toEqual([0.25, 0.5, 0.25, 0, 0, 0, 0, 1, 0]);
});
