import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../../src/config/types.ts';
import { makeCorpus, type Corpus } from '../../../src/data/corpus.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { readCheckpoint, writeCheckpoint, writeModel, type Checkpoint } from '../../../src/train/saving/checkpoint.ts';
import { TUNINGS } from '../../../src/tensor/tuning.ts';
import { readSafetensors, writeSafetensors } from '../../../src/protocol/safetensors.ts';
import { Trainer } from '../../../src/train/trainer.ts';
import { gpu } from '../../support/gpu.ts';
import { tinyHierarchy, tinyRun } from '../../support/tiny-model.ts';

let device: Gpu;
let corpus: Corpus;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
  corpus = makeCorpus('words', new TextEncoder().encode('the whale swam under the ship and sailed on '.repeat(40)));
});

function whole(parts: readonly Uint8Array<ArrayBuffer>[]): Promise<ArrayBuffer> {
  return new Blob([...parts]).arrayBuffer();
}

async function start(config: RunConfig, from?: Checkpoint) {
  const events: WorkerEvent[] = [];
  const emit = (event: WorkerEvent): void => void events.push(event);
  const trainer = await Trainer.create({ gpu: device, runId: 1, config, corpus, emit, autoSample: false, from });
  return { trainer, events };
}

/** What a run of so many steps comes to, its last losses too. */
async function finish(config: RunConfig, from?: Checkpoint) {
  const { trainer, events } = await start(config, from);
  await trainer.resume();
  const saved = await trainer.save();
  await trainer.stop();
  const batches = events.flatMap((event) => (event.type === 'metrics' ? [event.batch] : []));
  const losses = new Map(batches.flatMap(({ step, trainBpb }) => [...step].map((s, i) => [s, trainBpb[i]] as const)));
  return { saved, losses, events };
}

/** A run that was stopped after so many steps, as it comes back from its file. */
async function saved(config: RunConfig, steps: number): Promise<Checkpoint> {
  const { trainer } = await start(config);
  await trainer.advance(steps);
  const checkpoint = await trainer.save();
  await trainer.stop();
  return readCheckpoint(await whole(writeCheckpoint(checkpoint)));
}

const RUNS: [string, RunConfig][] = [
  ['two hierarchies', tinyRun({ training: { steps: 9, schedule: 'cosine' } })],
  ['gradients of two micro-batches', tinyRun({ training: { steps: 7, accumulation: 2, batchSize: 1 } })],
  [
    'strides and two layers',
    tinyRun({
      model: { hierarchies: [tinyHierarchy(1), tinyHierarchy(4, { stride: 2 })], depth: 2 },
      training: { steps: 6 },
    }),
  ],
];

describe('a run that was saved and goes on', () => {
  it.each(RUNS)('is to the bit the one that never stopped: %s', async (_name, config) => {
    const straight = await finish(config);
    const from = await saved(config, 4);
    const resumed = await finish(config, from);

    expect(from.step).toBe(4);
    const { steps } = config.training;
    const later = Array.from({ length: steps - 4 }, (_, i) => i + 5);
    expect([...resumed.losses.keys()]).toEqual(later);
    for (const step of later) expect(resumed.losses.get(step)).toBe(straight.losses.get(step));
    expect(resumed.saved).toEqual({ ...straight.saved, activeSeconds: expect.any(Number) });
    expect(resumed.saved.activeSeconds).toBeGreaterThan(from.activeSeconds);
    expect(resumed.events.at(-1)).toEqual({ type: 'done', runId: 1, step: steps });
  });

  it('that was through is to the bit the longer run, where the rate does not depend on the length', async () => {
    const straight = await finish(tinyRun({ training: { steps: 8 } }));
    const from = await saved(tinyRun({ training: { steps: 4 } }), 4);
    const longer = await finish(tinyRun({ training: { steps: 8 } }), from);

    for (const [step, loss] of longer.losses) expect(loss).toBe(straight.losses.get(step));
    expect(longer.saved).toEqual({ ...straight.saved, activeSeconds: expect.any(Number) });
  });

  it('has the settings that were changed meanwhile', async () => {
    const { trainer } = await start(tinyRun());
    trainer.adjust({ learningRate: 1e-4, reconWeight: 0.3, arWeight: 0.7 });
    await trainer.advance(1);
    const { config } = readCheckpoint(await whole(writeCheckpoint(await trainer.save())));
    await trainer.stop();

    expect(config.training.learningRate).toBe(1e-4);
    expect(config.model).toMatchObject({ reconWeight: 0.3, arWeight: 0.7 });
  });

  it('keeps the kernels that it was saved with', async () => {
    const config = tinyRun();
    const from = await saved(config, 1);
    const direct = { ...(from.kernels.tuning as object), matmul: 'direct', attention: 'direct' };
    const variants = from.kernels.variants.replace(
      'products quads; attention quads',
      'products direct; attention direct',
    );
    const { trainer, events } = await start(config, { ...from, kernels: { tuning: direct, variants } });
    await trainer.stop();

    expect(events.find(({ type }) => type === 'kernels')).toEqual({
      type: 'kernels',
      variants,
      replaced: [],
      passedOver: [],
      wrong: [],
      remembered: expect.any(Boolean),
    });
  });

  it('has the kernels of this adapter where it was saved on another kind', async () => {
    const config = tinyRun();
    const from = await saved(config, 1);
    const kernels = { tuning: TUNINGS.gpu, variants: 'products by tiles' };
    const { trainer, events } = await start(config, { ...from, kernels });
    await trainer.stop();

    expect(events.find(({ type }) => type === 'kernels')).toMatchObject({
      variants: from.kernels.variants,
      savedWith: 'products by tiles',
    });
  });

  it('says so where they are not to be had', async () => {
    const config = tinyRun();
    const from = await saved(config, 1);
    const kernels = { tuning: { matmul: 'of another program' }, variants: 'products of another program' };
    const { trainer, events } = await start(config, { ...from, kernels });
    await trainer.stop();

    expect(events.find(({ type }) => type === 'kernels')).toMatchObject({
      variants: from.kernels.variants,
      savedWith: 'products of another program',
      replaced: [],
      passedOver: [],
    });
  });
});

describe('a model that was saved alone', () => {
  /** What a run came to after 4 steps, and its model as it comes back from a file. */
  async function savedModel(config: RunConfig): Promise<{ run: Checkpoint; model: Checkpoint }> {
    const run = await saved(config, 4);
    return { run, model: readCheckpoint(await whole(writeModel(run))) };
  }

  it('is all of the run but what Adam knows', async () => {
    const { run, model } = await savedModel(tinyRun());
    const { firstMoments, secondMoments, optimizer, isModelAlone, ...rest } = model;
    const { firstMoments: first, secondMoments: second, optimizer: counters, ...others } = run;
    expect(isModelAlone).toBe(true);
    expect(rest).toEqual(others);
    expect([...counters]).toEqual([4, 0, 16, 0]);
    expect([...optimizer]).toEqual([0, 0, 16, 0]);
    for (const [moments, before] of [
      [firstMoments, first],
      [secondMoments, second],
    ]) {
      expect([...moments.keys()]).toEqual([...before.keys()]);
      for (const [name, { shape, data }] of moments) {
        expect(shape).toEqual(before.get(name)!.shape);
        expect(data.every((value) => value === 0)).toBe(true);
      }
    }
  });

  it('has no bytes but those of the weights and its curve, with its own version without how long passes took', async () => {
    const column = { dtype: 'F64' as const, shape: [4], data: Float64Array.of(1, 2, 3, 4) };
    const curve = new Map([
      ['curve/step', column],
      ['curve/forward_milliseconds', column],
    ]);
    const run = { ...(await saved(tinyRun(), 4)), curve };
    const file = await whole(writeModel(run));
    const { tensors, metadata } = readSafetensors(file);
    expect(metadata.version).toBe('3');
    expect([...tensors.keys()]).toEqual([...run.weights.keys(), 'curve/step']);
    const count = (dict: Checkpoint['weights']): number =>
      [...dict.values()].reduce((sum, { data }) => sum + data.length, 0);
    const arrays = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(arrays).toBe(4 * count(run.weights) + 8 * 4);
    expect(readCheckpoint(file).curve).toEqual(new Map([['curve/step', column]]));
  });

  it.each(RUNS)('goes on at its step as a run whose moments and counters are zero: %s', async (_name, config) => {
    const { run, model } = await savedModel(config);
    const zero = ({ shape, data }: { shape: readonly number[]; data: ArrayLike<number> }) => ({
      shape: [...shape],
      data: new Float32Array(data.length),
    });
    const zeros = (moments: Checkpoint['weights']) => new Map([...moments].map(([name, each]) => [name, zero(each)]));
    const begun = {
      ...run,
      firstMoments: zeros(run.firstMoments),
      secondMoments: zeros(run.secondMoments),
      optimizer: Uint32Array.of(0, 0, 16, 0),
    };
    const [expected, given, straight] = [
      await finish(config, begun),
      await finish(config, model),
      await finish(config, run),
    ];
    expect([...given.losses]).toEqual([...expected.losses]);
    expect([...given.losses.keys()]).toEqual(Array.from({ length: config.training.steps - 4 }, (_, i) => i + 5));
    expect(given.saved).toEqual({ ...expected.saved, activeSeconds: expect.any(Number) });
    expect(given.saved.optimizer[0]).toBe(config.training.steps - 4);
    expect([...given.losses.values()].at(-1)).not.toBe([...straight.losses.values()].at(-1));
    // What goes on is a run with all that Adam knows.
    expect(given.saved).not.toHaveProperty('isModelAlone');
  });

  it('is refused when it is cut off', async () => {
    const { run } = await savedModel(tinyRun());
    const file = await whole(writeModel(run));
    expect(() => readCheckpoint(file.slice(0, file.byteLength - 10))).toThrow('safetensors: "');
  });
});

describe('the file of a run', () => {
  let file: ArrayBuffer;
  beforeAll(async () => {
    file = await whole(writeCheckpoint(await saved(tinyRun(), 2)));
  });

  it('has the weights by the names of the reference', () => {
    const { tensors, metadata } = readSafetensors(file);
    const names = [...tensors.keys()];

    expect(names).toContain('to_logits.weight');
    expect(names).toContain('first_moment/to_logits.weight');
    expect(metadata).toMatchObject({ format: 'strata run', version: '1', step: '2' });
  });

  it('has the curve that a page has measured, and then a version that says so', async () => {
    const curve = new Map([['curve/step', { dtype: 'F32' as const, shape: [2], data: Float32Array.of(1, 2) }]]);
    const withCurve = await whole(writeCheckpoint({ ...readCheckpoint(file), curve }));
    expect(readSafetensors(withCurve).metadata.version).toBe('2');
    expect(readCheckpoint(withCurve)).toEqual({ ...readCheckpoint(file), curve });
  });

  it('knows its text', () => {
    expect(readCheckpoint(file).text).toEqual({
      name: 'words',
      bytes: corpus.bytes.length,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  /** The file with other metadata, and without some of its arrays. */
  async function changed(metadata: Record<string, string>, without = ''): Promise<ArrayBuffer> {
    const { tensors, metadata: own } = readSafetensors(file);
    tensors.delete(without);
    return whole(writeSafetensors(tensors, { ...own, ...metadata }));
  }

  it.each<[string, Record<string, string>, string, string]>([
    ['another program', { format: 'pt' }, '', 'given a safetensors file of another program'],
    ['a later version', { version: '4' }, '', 'given version 4, needs one of 1, 2, 3'],
    ['no step', { step: 'many' }, '', 'given step "many", needs a whole number'],
    ['a setting that is none', { config: 'p=quick&zz=1' }, '', 'its configuration: "zz" is not a setting'],
    ['no text', { text: '{}' }, '', 'its text is not what it should be'],
    ['kernels that are no JSON', { kernels: 'direct' }, '', 'its kernels is missing or no JSON'],
    ['no counters', {}, 'optimizer_state', '"optimizer_state" is missing, which Adam needs'],
    ['no moment of one weight', {}, 'first_moment/to_logits.weight', '"first_moment/to_logits.weight" is missing'],
    ['moments beside a model alone', { version: '3' }, 'optimizer_state', '" has no place in version 3'],
  ])('is refused by name: %s', async (_name, metadata, without, message) => {
    const broken = await changed(metadata, without);
    expect(() => readCheckpoint(broken)).toThrow(message);
  });

  it('is refused when it is cut off', () => {
    expect(() => readCheckpoint(file.slice(0, file.byteLength - 10))).toThrow('safetensors: "optimizer_state"');
  });

  it('is refused by the array that is missing or has another shape, and leaves nothing behind', async () => {
    const from = readCheckpoint(file);
    from.weights.delete('to_logits.weight');
    const before = device.counts.bytesAlive;
    await expect(start(tinyRun(), from)).rejects.toThrow('to_logits.weight: missing');
    from.weights.set('to_logits.weight', { shape: [8, 256], data: new Float32Array(8 * 256) });
    await expect(start(tinyRun(), from)).rejects.toThrow('to_logits.weight: given [8, 256], needs [256, 8]');
    expect(device.counts.bytesAlive).toBe(before);
  });
});
