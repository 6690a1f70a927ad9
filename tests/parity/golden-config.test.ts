import { expect, test } from 'vitest';
import { modelConfigFrom } from '../../src/cli/parity/golden-config.ts';

const LEAST = { num_tokens: 16, dim: 8, depth: 1 };

test('what is left out has the default of the reference', () => {
  expect(modelConfigFrom(LEAST)).toEqual({
    numTokens: 16,
    depth: 1,
    contextLength: 2048,
    hierarchies: [{ factor: 1, stride: 1, dim: 8, heads: 8, dimHead: 64, ffMult: 4, window: null }],
    predictFactor: null,
    mergeAll: false,
    predictAll: false,
    ablateMerge: false,
    reconWeight: 0.1,
    arWeight: 0.25,
    ignoreIndex: 0,
  });
});

test('one value for all hierarchies is a list of equal ones', () => {
  const shared = { heads: 2, dim_head: 4, ff_mult: 2, hierarchical_stride: 1, window_sizes: null };
  const lists = Object.fromEntries(
    Object.entries({ dim: 8, ...shared }).map(([name, value]) => [name, [value, value]]),
  );

  expect(modelConfigFrom({ ...LEAST, ...lists, hierarchies: [1, 2] })).toEqual(
    modelConfigFrom({ ...LEAST, ...shared, hierarchies: [1, 2] }),
  );
});

test('one hierarchy is a list of one', () => {
  expect(modelConfigFrom({ ...LEAST, hierarchies: 4 })).toEqual(
    modelConfigFrom({ ...LEAST, dim: [8], hierarchies: [4] }),
  );
});

test('windows may be none, no attention, or of some rows, each hierarchy its own', () => {
  const { hierarchies } = modelConfigFrom({ ...LEAST, hierarchies: [1, 2, 4], window_sizes: [null, 0, 16] });
  expect(hierarchies.map(({ window }) => window)).toEqual([null, 0, 16]);
});

test.each([
  [{}, false],
  [null, false],
  [undefined, false],
  [{ return_loss: true }, false],
  [{ ablate_hierarchical_merge: true }, true],
])('forward arguments %j: merges ablated %s', (forward, ablated) => {
  expect(modelConfigFrom(LEAST, forward).ablateMerge).toBe(ablated);
});

test('arguments that are unknown, missing or too few are named', () => {
  expect(() => modelConfigFrom({ ...LEAST, prophet_loss_weight: 0.1 } as typeof LEAST)).toThrow(
    'kwargs: given prophet_loss_weight, needs',
  );
  expect(() => modelConfigFrom(LEAST, { flash: true } as object)).toThrow('forward_kwargs: given flash, needs');
  expect(() => modelConfigFrom({ num_tokens: 16, dim: 8 } as typeof LEAST)).toThrow('kwargs: has no depth');
  expect(() => modelConfigFrom({ ...LEAST, hierarchies: [1, 2], heads: [1] })).toThrow(
    'kwargs: given 1 values of heads, needs 2, one per hierarchy',
  );
});
