import { expect, test } from 'vitest';
import { HierarchicalTransformer } from '../../src/model/hierarchical-transformer.ts';
import { recordLayout } from '../../src/model/losses.ts';
import { ParameterStore } from '../../src/tensor/parameter-store.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { declareStepMemory } from '../../src/train/passes/step-memory.ts';
import { traceTraining } from '../../src/train/passes/training-trace.ts';
import { tinyHierarchy, tinyModel } from '../support/tiny-model.ts';

test.each([
  [5, 5],
  [null, 0xffffffff],
])('a model that ignores %s as the next byte leaves zeros out of reconstructions as ever', (ignoreIndex, ignored) => {
  const config = tinyModel({ ignoreIndex, hierarchies: [tinyHierarchy(1), tinyHierarchy(2), tinyHierarchy(8)] });
  const store = new ParameterStore();
  const memory = declareStepMemory('dry', 2, config.contextLength, recordLayout(config).size);
  const { accumulate } = traceTraining(new HierarchicalTransformer(config, store), store, memory, 1, TUNINGS.gpu);
  const losses = accumulate.dispatches.filter(({ kernel }) => kernel.entry.name === 'softmax_rows');
  expect(losses.map(({ params }) => [params.slots, params.ignore_index])).toEqual([
    [2, 0],
    [8, 0],
    [1, ignored],
  ]);
});
