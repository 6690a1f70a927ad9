import { expect, test } from 'vitest';
import { splitParts } from '../../../src/ui/data/split-parts.ts';
import { mobyDick } from '../support/fake-worker.ts';

test('the parts of a text lie one after the other and cover it', () => {
  expect(splitParts(mobyDick)).toEqual([
    { name: 'train', start: 0, end: 1_084_497 },
    { name: 'validation', start: 1_084_497, end: 1_144_746 },
    { name: 'test', start: 1_144_746, end: 1_204_997 },
  ]);
});
