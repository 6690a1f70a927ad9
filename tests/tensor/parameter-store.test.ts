import { expect, it } from 'vitest';
import { ParameterStore } from '../../src/tensor/parameter-store.ts';

it.each([
  ['one that fits stays whole', [64, 10], 64 * 40, [64]],
  ['as few blocks as will do', [64, 16], 64 * 32, [32, 32]],
  ['whole vectors of rows but for the last block', [50, 16], 64 * 20, [20, 20, 10]],
  ['blocks that are equal where they can be', [48, 16], 64 * 20, [16, 16, 16]],
  ['fewer than four rows at a time where no more fit', [5, 64], 512, [2, 2, 1]],
] as [string, number[], number, number[]][])('rows of a parameter are cut into %s', (_, shape, most, blocks) => {
  expect(new ParameterStore(most).rowBlocks(shape)).toEqual(blocks);
});
