import { beforeAll, describe, expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { everySize, SMALL_GPU, TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { gradientsOf, someModel } from '../support/some-model.ts';
import { tinyHierarchy, tinyModel } from '../support/tiny-model.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

const THREE = {
  ...tinyModel({
    hierarchies: [
      tinyHierarchy(1, { window: 4 }),
      tinyHierarchy(2, { dim: 16, dimHead: 4, heads: 3 }),
      tinyHierarchy(8, { stride: 8, dim: 32, dimHead: 4, heads: 2 }),
    ],
    depth: 2,
    contextLength: 24,
    mergeAll: true,
    predictAll: true,
  }),
  batch: 2,
};

describe('dispatches that hierarchies share give the same bits as one for each:', () => {
  it.each<[what: string, model: ReturnType<typeof someModel>, tuning: Tuning]>([
    ['some model', someModel(4), SMALL_GPU],
    [
      'three hierarchies that are all merged, by other kernels',
      THREE,
      { ...TUNINGS.gpu, matmul: everySize('32x32/4x4 ahead'), reductions: 'subgroup', attention: 'tiled ahead' },
    ],
  ])('%s', async (_, model, tuning) => {
    const apart = await gradientsOf(device, model, { ...tuning, sharedDispatches: false });
    const shared = await gradientsOf(device, model, { ...tuning, sharedDispatches: true });
    expect(shared.dispatches).toBeLessThan(0.9 * apart.dispatches);
    expect(shared.record).toEqual(apart.record);
    for (const [name, { data }] of apart.all) expect(shared.all.get(name)!.data, name).toEqual(data);
  });
});
