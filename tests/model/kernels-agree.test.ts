import { beforeAll, describe, expect, it } from 'vitest';
import type { HierarchyConfig, ModelConfig } from '../../src/config/types.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { downloadState } from '../../src/tensor/parameter-transfer.ts';
import { everySize, SMALL_GPU, TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import type { BatchSource } from '../../src/train/passes/input-ring.ts';
import { TrainingSession } from '../../src/train/passes/training-session.ts';
import { gpu } from '../support/gpu.ts';
import { relativeError } from '../support/relative-error.ts';
import { someNumbers } from '../support/some-numbers.ts';

// Kernels are tested one by one at shapes that somebody thought of. Here are models that nobody did: what the kernels for GPUs
// make of them has to be what the plain ones do.

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

/** A model of many options at once, the same for the same seed. */
function someModel(seed: number): ModelConfig & { batch: number } {
  const numbers = someNumbers(400, seed);
  let used = 20;
  const oneOf = <T>(...values: T[]): T => values[Math.floor(((numbers[used++] + 1) / 2) * values.length)];
  const factors = oneOf([1], [1, 2], [1, 4], [1, 2, 4], [1, 8], [2, 8], [1, 4, 16]);
  const hierarchies = factors.map((factor, i): HierarchyConfig => ({
    factor,
    stride: i === 0 ? 1 : oneOf(...[1, 2, 4, 8, 16].filter((stride) => stride <= factor)),
    dim: oneOf(8, 12, 16, 24, 32, 36, 64, 68, 10, 17),
    heads: oneOf(1, 2, 3),
    dimHead: oneOf(4, 8, 12, 16, 6),
    ffMult: oneOf(1, 2, 4, 1.5),
    window: oneOf<number | null>(null, 0, 1, 3, 4, 8, 16, 100),
  }));
  return {
    numTokens: oneOf(256, 256, 40),
    depth: oneOf(1, 2),
    contextLength: oneOf(8, 16, 23, 32, 48, 64, 96),
    hierarchies,
    predictFactor: null,
    mergeAll: oneOf(true, false),
    predictAll: oneOf(true, false, false),
    ablateMerge: oneOf(true, false, false, false),
    reconWeight: oneOf(0.1, 0),
    arWeight: oneOf(0.25, 0),
    ignoreIndex: oneOf(null, 0),
    batch: oneOf(1, 2, 3),
  };
}

async function gradients({ batch, ...model }: ReturnType<typeof someModel>, tuning: Tuning) {
  const ids: BatchSource = (words) =>
    someNumbers(words.length, 9).forEach((v, i) => (words[i] = Math.floor(((v + 1) / 2) * model.numTokens)));
  const records: Float32Array[] = [];
  const session = await TrainingSession.create(device, {
    model,
    batchSize: batch,
    accumulation: 1,
    seed: 3,
    tuning,
    onRecord: (record) => records.push(record.slice()),
  });
  // Without a limit and without steps: what is left is the gradient.
  const { reconWeight, arWeight } = model;
  session.submit(1, ids, () => ({ learningRate: 0, clip: 0, weightDecay: 0, ceWeight: 1, reconWeight, arWeight }));
  await session.ring.atMost(0);
  const all = await downloadState(device, session.store, 'gradients');
  session.destroy();
  return { record: records[0], all };
}

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
    const [plain, other] = [await gradients(model, TUNINGS.software), await gradients(model, tuning)];
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
