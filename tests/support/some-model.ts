import type { HierarchyConfig, ModelConfig } from '../../src/config/types.ts';
import type { Gpu } from '../../src/gpu/device.ts';
import { downloadState } from '../../src/tensor/parameter-transfer.ts';
import type { Tuning } from '../../src/tensor/tuning.ts';
import type { BatchSource } from '../../src/train/passes/input-ring.ts';
import { TrainingSession } from '../../src/train/passes/training-session.ts';
import { someNumbers } from './some-numbers.ts';

/** A model of many options at once, the same for the same seed. */
export function someModel(seed: number): ModelConfig & { batch: number } {
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

/** What one step of such a model leaves: its record, and all gradients. */
export async function gradientsOf(device: Gpu, { batch, ...model }: ReturnType<typeof someModel>, tuning: Tuning) {
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
  session.replay.submit(1, ids, () => ({
    learningRate: 0,
    clip: 0,
    weightDecay: 0,
    ceWeight: 1,
    reconWeight,
    arWeight,
  }));
  await session.replay.ring.atMost(0);
  const all = await downloadState(device, session.store, 'gradients');
  session.destroy();
  return { record: records[0], all, dispatches: session.dispatchCount };
}
