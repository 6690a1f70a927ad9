import { expect, it } from 'vitest';
import { withHierarchy, withModel } from '../../src/config/problem.ts';
import type { ModelConfig } from '../../src/config/types.ts';
import { misfit, sayMisfit } from '../../src/config/weights-fit.ts';
import { HierarchicalTransformer } from '../../src/model/hierarchical-transformer.ts';
import { ParameterStore } from '../../src/tensor/parameter-store.ts';
import { tinyHierarchy, tinyRun } from '../support/tiny-model.ts';

/** Names and shapes of all that a model learns. */
function parametersOf(model: ModelConfig): string[] {
  const store = new ParameterStore(2 ** 27);
  // Whatever it consists of is declared as it is made.
  const { constants } = new HierarchicalTransformer(model, store);
  expect(constants).toBeDefined();
  return store.parameters.map(({ name, shape }) => `${name} ${shape.join()}`);
}

const run = tinyRun({ model: { hierarchies: [tinyHierarchy(1, { window: 2 }), tinyHierarchy(4, { heads: 2 })] } });
const { model } = run;
const changed = (index: number, change: Partial<ModelConfig['hierarchies'][number]>): ModelConfig =>
  withHierarchy(run, index, (old) => ({ ...old, ...change })).model;
const changedModel = (change: Partial<ModelConfig>): ModelConfig => withModel(run, change).model;

it.each([
  ['hierarchies', changedModel({ hierarchies: [tinyHierarchy(1, { window: 2 })] }), 'hierarchies 1×, 4×', '1×'],
  ['hierarchies[1].dim', changed(1, { dim: 16 }), 'width of 4× 8', '16'],
  ['hierarchies[0].window', changed(0, { window: null }), 'attention of 1× local', 'full'],
  ['hierarchies[0].window', changed(0, { window: 0 }), 'attention of 1× local', 'off'],
  // A window that the context has become too short for is a full one.
  ['hierarchies[1].window', changed(1, { window: 3 }), 'attention of 4× full', 'local'],
  ['hierarchies[1].heads', changed(1, { heads: 4 }), 'heads of 4× 2', '4'],
  ['hierarchies[1].dimHead', changed(1, { dimHead: 4 }), 'head width of 4× 8', '4'],
  ['hierarchies[0].ffMult', changed(0, { ffMult: 3 }), 'feed-forward width of 1× 16', '24'],
  ['depth', changedModel({ depth: 2 }), 'depth 1', '2'],
  ['mergeAll', changedModel({ mergeAll: true }), 'merge into all off', 'on'],
  ['predictAll', changedModel({ predictAll: true }), 'predict from all off', 'on'],
])('%s that is another has other parameters, and is named', (control, asked, trained, given) => {
  const found = misfit(model, asked);
  expect(found?.control).toBe(control);
  expect(sayMisfit(found!)).toBe(`trained with ${trained}, the configuration has ${given}`);
  expect(parametersOf(asked)).not.toEqual(parametersOf(model));
});

it.each([
  ['context', changedModel({ contextLength: 32 })],
  ['stride', changed(1, { stride: 2 })],
  ['window of as much as one token', changed(0, { window: 1 })],
  ['weights of losses', changedModel({ reconWeight: 2, arWeight: 0 })],
  ['merge that is left out', changedModel({ ablateMerge: true })],
  ['ignored byte', changedModel({ ignoreIndex: 7 })],
  ['feed-forward multiple of the same width', changed(0, { ffMult: 2.01 })],
])('another %s has the same parameters, and fits', (_, asked) => {
  expect(misfit(model, asked)).toBeNull();
  expect(parametersOf(asked)).toEqual(parametersOf(model));
});

it('heads of reconstruction can be left out, and not made of nothing', () => {
  const without = changedModel({ reconWeight: 0 });
  expect(misfit(model, without)).toBeNull();
  expect(parametersOf(model)).toEqual(expect.arrayContaining(parametersOf(without)));
  expect(misfit(without, model)).toMatchObject({ control: 'reconWeight', trained: 'none', asked: 'some' });
  expect(misfit(without, without)).toBeNull();
  // Bytes themselves are never read back.
  const bytes = { hierarchies: [tinyHierarchy(1, { window: 2 })] };
  expect(misfit(changedModel({ ...bytes, reconWeight: 0 }), changedModel(bytes))).toBeNull();
});

it('another predicting hierarchy is another model, also where shapes are the same', () => {
  expect(misfit(model, changedModel({ predictFactor: 4 }))).toMatchObject({ control: 'predictFactor', trained: '1×' });
  expect(misfit(model, changedModel({ predictFactor: 1 }))).toBeNull();
});

it('attention that is off asks for no heads', () => {
  const off = changed(1, { window: 0 });
  expect(
    misfit(off, {
      ...off,
      hierarchies: off.hierarchies.map((each) => ({ ...each, heads: each.window === 0 ? 8 : each.heads })),
    }),
  ).toBeNull();
});
