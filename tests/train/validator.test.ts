import { beforeAll, expect, test } from 'vitest';
import type { ModelConfig } from '../../src/config/types.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { InferenceProgram } from '../../src/train/inference.ts';
import { TrainingSession } from '../../src/train/training-session.ts';
import { Validator, type Validation } from '../../src/train/validator.ts';
import { gpu } from '../support/gpu.ts';
import { cosineLossReference } from '../support/reference/cosine-loss.ts';
import { tinyHierarchy, tinyModel } from '../support/tiny-model.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

const BATCH = 2;
/** Every batch has bytes of its own. */
const byteAt = (index: number, at: number): number => 32 + ((at * 37 + index * 11 + (at >> 2) * 5) % 90);

async function validate(model: ModelConfig): Promise<{ result: Validation; embeds: Float32Array[][] }> {
  const session = await TrainingSession.create(device, {
    model,
    batchSize: BATCH,
    accumulation: 1,
    seed: 3,
    onRecord: () => {},
  });
  const drawn: Uint32Array[] = [];
  const validator = await Validator.create(device, session.model, BATCH, (ids, index) => {
    drawn.push(ids);
    ids.forEach((_, at) => (ids[at] = byteAt(index, at)));
  });
  const result = await new Promise<Validation>((resolve) => validator.measure(resolve));
  const length = model.contextLength;
  const forward = await InferenceProgram.create(device, session.model, BATCH, length, { keepEmbeds: true });
  const embeds: Float32Array[][] = [];
  for (const ids of drawn) {
    const inputs = Array.from({ length: BATCH }, (_, b) => [
      ...ids.subarray(b * (length + 1), (b + 1) * (length + 1) - 1),
    ]);
    forward.run(Uint32Array.from(inputs.flat()));
    embeds.push(await Promise.all(forward.activations.embeds.map((tensor) => forward.read(tensor))));
  }
  forward.destroy();
  validator.destroy();
  session.destroy();
  return { result, embeds };
}

test('the spread is 1 - cosine of embeddings half a context apart, over all validation batches', async () => {
  const model = tinyModel({
    hierarchies: [tinyHierarchy(1, { window: 4 }), tinyHierarchy(2, { dim: 6 }), tinyHierarchy(4, { stride: 2 })],
  });
  const { result, embeds } = await validate(model);
  const expected = (hierarchy: number, tokens: number, dim: number): number => {
    const losses = embeds.map(
      (of) => cosineLossReference([BATCH, tokens, dim], tokens / 2, of[hierarchy], of[hierarchy]).loss,
    );
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  };

  expect(embeds.length).toBeGreaterThan(1);
  expect(result.spread[0]).toBeNull();
  expect(result.spread[1]).toBeCloseTo(expected(1, 16, 6), 5);
  expect(result.spread[2]).toBeCloseTo(expected(2, 8, 8), 5);
  expect(result.spread[1]).toBeGreaterThan(0.01);
  expect(result.bitsPerByte).toBeGreaterThan(6);
});

test('a hierarchy whose context is a single token has no spread', async () => {
  const model = tinyModel({
    contextLength: 4,
    hierarchies: [tinyHierarchy(1), tinyHierarchy(4, { stride: 4 })],
  });

  expect((await validate(model)).result.spread).toEqual([null, null]);
});
