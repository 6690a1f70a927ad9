import { expect, test } from 'vitest';
import { tailSteps } from '../../src/comparison/training-tail.ts';

test('the tail of a run is the last tenth of its steps, rounded up', () => {
  expect([1, 9, 10, 24, 70, 300, 301].map(tailSteps)).toEqual([1, 1, 1, 3, 7, 30, 31]);
});
