import { beforeAll, expect, test } from 'vitest';
import type { ModelConfig } from '../../../src/config/types.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import type { Inspection } from '../../../src/protocol/inspection.ts';
import { Inspector } from '../../../src/train/inspection/inspector.ts';
import { TrainingSession } from '../../../src/train/passes/training-session.ts';
import { gpu } from '../../support/gpu.ts';
import { tinyHierarchy, tinyModel } from '../../support/tiny-model.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

const TEXT = new TextEncoder().encode('the white whale');

/** Parameters of one name have the same first values in models of any depth. */
async function inspect(model: ModelConfig, attention = false): Promise<Inspection> {
  const options = { batchSize: 1, accumulation: 1, seed: 2, onRecord: () => {} };
  const session = await TrainingSession.create(device, { model, ...options });
  const inspector = new Inspector(device, session.model, () => 0);
  try {
    return (await inspector.inspect(TEXT, attention)).inspection;
  } finally {
    await inspector.destroy();
    session.destroy();
  }
}

test.each([
  ['one stream', { hierarchies: [tinyHierarchy(1)] }],
  ['a merge', { hierarchies: [tinyHierarchy(1, { window: 4 }), tinyHierarchy(4, { stride: 2, dim: 12 })] }],
  ['streams that all predict', { predictAll: true, mergeAll: true }],
])('before its second layer a model predicts what one of a single layer does: with %s', async (_, changes) => {
  const model = tinyModel({ ...changes, depth: 2 });
  const { layers, bits } = await inspect(model);
  const single = await inspect({ ...model, depth: 1 });
  expect(layers).toHaveLength(2);
  const [, second] = layers;
  const { count, bytes, probabilities } = single.candidates;
  expect(second.bits[0]).toBeNaN();
  expect(second.likeliest[0]).toBeNaN();
  for (let t = 1; t < TEXT.length; t++) {
    expect(second.bits[t]).toBeCloseTo(single.bits[t], 5);
    expect(second.bytes[t]).toBe(bytes[(t - 1) * count]);
    expect(second.likeliest[t]).toBeCloseTo(probabilities[(t - 1) * count], 6);
  }
  // Embeddings know nothing of a layer, and the last layer changes what is predicted.
  expect(layers[0].bits.subarray(1)).toEqual(single.layers[0].bits.subarray(1));
  expect(second.bits.subarray(1)).not.toEqual(bits.subarray(1));
});

test('what layers predict is not read with attention, nor where logits of all layers are more than fit', async () => {
  expect((await inspect(tinyModel(), true)).layers).toEqual([]);
  const long = tinyModel({ hierarchies: [tinyHierarchy(1, { window: 0 })], depth: 9, contextLength: 2 ** 14 });
  expect((await inspect(long)).layers).toEqual([]);
});
