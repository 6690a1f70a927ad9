import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ModelConfig } from '../../../src/config/types.ts';
import { makeCorpus } from '../../../src/data/corpus.ts';
import { Sampler } from '../../../src/data/sampler.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { InferenceProgram } from '../../../src/train/passes/inference.ts';
import { TrainingSession } from '../../../src/train/passes/training-session.ts';
import { Validator, type Validation } from '../../../src/train/passes/validator.ts';
import { countCreations } from '../../support/counting-device.ts';
import { gpu } from '../../support/gpu.ts';
import { cosineLossReference } from '../../support/reference/cosine-loss.ts';
import { tinyHierarchy, tinyModel } from '../../support/tiny-model.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

const BATCH = 2;
/** Every batch has bytes of its own. */
const byteAt = (index: number, at: number): number => 32 + ((at * 37 + index * 11 + (at >> 2) * 5) % 90);

/** A whole validation, in as many parts as it takes. */
async function measure(validator: Validator, submits: number): Promise<Validation> {
  const result = new Promise<Validation>((resolve) => validator.measure(submits, resolve));
  while (validator.isUnfinished) {
    await validator.idle();
    validator.goOn(submits);
  }
  return result;
}

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
  const result = await measure(validator, 1);
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

test('a long batch is spread over several submits, with the same result and nothing created for it', async () => {
  const own = await Gpu.open(await gpu());
  const session = await TrainingSession.create(own, {
    model: tinyModel(),
    batchSize: BATCH,
    accumulation: 1,
    seed: 3,
    onRecord: () => {},
  });
  let batches = 0;
  const validator = await Validator.create(own, session.model, BATCH, (ids, index) => {
    batches++;
    ids.forEach((_, at) => (ids[at] = byteAt(index, at)));
  });
  const whole = await measure(validator, 1);

  const counts = countCreations(own);
  expect(await measure(validator, 4)).toEqual(whole);
  expect(counts.submits).toBe(4 * batches);
  expect(counts).toMatchObject({ buffers: 0, bindGroups: 0, pipelines: 0, writes: 0 });
  expect(await measure(validator, 1)).toEqual(whole);
  expect(counts.submits).toBe(5 * batches);
  validator.destroy();
  session.destroy();
});

test('a validation of many batches is queued in parts, whatever is measured between them', async () => {
  const model = tinyModel({ contextLength: 4 });
  const open = async (batchSize: number) => {
    const options = { model, batchSize, accumulation: 1, seed: 3, onRecord: () => {} };
    const session = await TrainingSession.create(device, options);
    const validator = await Validator.create(device, session.model, batchSize, (ids, index, size) => {
      for (let row = 0; row < size; row++)
        for (let at = 0; at < 5; at++) ids[row * 5 + at] = byteAt(index * size + row, at);
    });
    onTestFinished(() => {
      validator.destroy();
      session.destroy();
    });
    return validator;
  };
  const whole = await open(4);
  const figures = new Promise<Validation>((resolve) => whole.measure(1, resolve));
  expect(whole.isUnfinished).toBe(false);
  const expected = await figures;

  const validator = await open(1);
  const results: Validation[] = [];
  validator.measure(1, (result) => results.push(result));
  for (let part = 1; part < 4; part++) {
    await validator.idle();
    expect(validator.isUnfinished).toBe(true);
    expect(results).toEqual([]);
    await validator.losses(Uint32Array.of(50, 60, 70, 80, 90), 1);
    validator.goOn(1);
  }
  expect(validator.isUnfinished).toBe(false);
  await validator.idle();
  expect(results).toHaveLength(1);
  expect(results[0].bitsPerByte).toBeCloseTo(expected.bitsPerByte, 5);
  expect(results[0].spread).toHaveLength(2);

  validator.measure(1, (result) => results.push(result));
  validator.drop();
  validator.goOn(1);
  await validator.idle();
  expect(validator.isUnfinished).toBe(false);
  expect(results).toHaveLength(1);
});

test('runs of any batch size read the same sequences', async () => {
  const read = async (batchSize: number): Promise<string[]> => {
    const model = tinyModel({ contextLength: 4 });
    const { session, sequences } = await drawnBy(model, batchSize);
    session.destroy();
    return sequences;
  };
  const all = await read(4);
  expect(all).toHaveLength(32);
  for (const batchSize of [1, 3, 6, 16, 100]) expect(await read(batchSize)).toEqual(all);
});

/** Every sequence that a validation reads of a text whose bytes all differ from their neighbours. */
async function drawnBy(model: ModelConfig, batchSize: number) {
  const options = { model, batchSize, accumulation: 1, seed: 3, onRecord: () => {} };
  const session = await TrainingSession.create(device, options);
  const corpus = makeCorpus(
    'numbers',
    Uint8Array.from({ length: 40_000 }, (_, i) => 32 + ((i * i * 7 + (i >> 6) * 13 + (i >> 3)) % 89)),
  );
  const sampler = new Sampler(corpus, 'validation', 0);
  const sequences: string[] = [];
  const validator = await Validator.create(device, session.model, batchSize, (ids, index, size) => {
    sampler.sample(ids, 0, index, size, model.contextLength);
    const length = model.contextLength + 1;
    for (let row = 0; row < size; row++) sequences.push(ids.slice(row * length, (row + 1) * length).join());
  });
  validator.destroy();
  return { session, sequences };
}
