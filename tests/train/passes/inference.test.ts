import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { HierarchicalTransformer } from '../../../src/model/hierarchical-transformer.ts';
import { materialise, release } from '../../../src/tensor/compile.ts';
import { ParameterStore } from '../../../src/tensor/parameter-store.ts';
import { InferenceProgram } from '../../../src/train/passes/inference.ts';
import type * as pace from '../../../src/train/passes/pace.ts';
import { countCreations } from '../../support/counting-device.ts';
import { gpu } from '../../support/gpu.ts';
import { ModelOnDevice } from '../../support/model-on-device.ts';
import { nullGpu } from '../../support/null-gpu.ts';
import { tinyHierarchy, tinyModel } from '../../support/tiny-model.ts';

/** How many submits a pass is to take, whatever its work. */
const forced: { submits?: number } = {};
vi.mock('../../../src/train/passes/pace.ts', async (original) => {
  const actual = await original<typeof pace>();
  return { ...actual, submitsOf: (flops: number) => forced.submits ?? actual.submitsOf(flops) };
});
afterEach(() => {
  delete forced.submits;
});

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

test('a pass over several submits gives what one submit gives, and its logits', async () => {
  const { model } = new ModelOnDevice(device, tinyModel({ depth: 2 }));
  const ids = Uint32Array.from({ length: model.config.contextLength }, (_, i) => 60 + 3 * i);
  const run = async () => {
    const program = await InferenceProgram.create(device, model, 1, ids.length);
    const counts = countCreations(device);
    const [next] = await program.nextLogits(ids, 9);
    const { submits } = counts;
    const all = await program.read(program.activations.logits);
    program.destroy();
    return { submits, next, all };
  };
  const whole = await run();
  forced.submits = 3;
  const cut = await run();

  expect([whole.submits, cut.submits]).toEqual([1, 3]);
  expect(cut.all).toEqual(whole.all);
  expect(cut.next).toEqual(whole.next);
  expect(whole.next).toEqual(whole.all.slice(9 * 256, 10 * 256));
});

test('a pass over a long text by a wide model takes several submits', async () => {
  const nothing = await Gpu.open(nullGpu);
  const store = new ParameterStore();
  const hierarchies = [tinyHierarchy(1, { dim: 1024, heads: 16, dimHead: 64, ffMult: 4, window: 64 })];
  const model = new HierarchicalTransformer(tinyModel({ contextLength: 8192, hierarchies, depth: 2 }), store);
  for (const { weights } of store.segments) materialise(nothing, weights);
  const program = await InferenceProgram.create(nothing, model, 1, 8192);
  const counts = countCreations(nothing);
  program.run(new Uint32Array(8192));

  // 4.4e11 multiplications and additions, of which one submit should have less than 2e10; some kernels alone have more.
  expect(counts.submits).toBe(15);
  program.destroy();
  for (const { weights } of store.segments) release(weights);
  nothing.close();
});
