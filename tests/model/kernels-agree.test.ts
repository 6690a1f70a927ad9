import { beforeAll, describe, expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { everySize, SMALL_GPU, TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { relativeError } from '../support/relative-error.ts';
import { gradientsOf, someModel } from '../support/some-model.ts';

// Kernels are tested one by one at shapes that somebody thought of. Here are models that nobody did: what the kernels for GPUs
// make of them has to be what the plain ones do.

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

const GPU_TUNINGS: Tuning[] = [
  TUNINGS.gpu,
  SMALL_GPU,
  { ...TUNINGS.gpu, matmul: everySize('64x64/8x4') },
  { ...TUNINGS.gpu, matmul: everySize('32x32/4x4') },
  { ...TUNINGS.gpu, matmul: everySize('32x32/4x4 in 4 ahead'), jointGradients: false, attention: 'tiled ahead' },
  { ...TUNINGS.software, matmul: 'quads', attention: 'quads' },
];

function largestOf(values: Float32Array): number {
  return values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}

describe('kernels for GPUs make the same of', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('model %i', async (seed) => {
    const model = someModel(seed);
    const tuning = GPU_TUNINGS[seed % GPU_TUNINGS.length];
    const [plain, other] = [
      await gradientsOf(device, model, TUNINGS.software),
      await gradientsOf(device, model, tuning),
    ];
    const what = JSON.stringify([model, tuning]);
    // The norm of the gradient, and the losses
    expect(relativeError(other.record, plain.record), what).toBeLessThan(1e-4);
    const largest = Math.max(...[...plain.all.values()].map(({ data }) => largestOf(data)));
    for (const [name, { data }] of plain.all) {
      const found = other.all.get(name)!.data;
      const most = 1e-3 * Math.max(largestOf(data), 1e-3 * largest);
      expect(largestOf(data.map((v, i) => v - found[i])), `${name} of ${what}`).toBeLessThanOrEqual(most);
    }
  });
});
