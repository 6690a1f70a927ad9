import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../../src/config/types.ts';
import { makeCorpus, type Corpus } from '../../../src/data/corpus.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { readSafetensors, writeSafetensors } from '../../../src/protocol/safetensors.ts';
import { readCheckpoint, writeCheckpoint, writeModel, type Checkpoint } from '../../../src/train/saving/checkpoint.ts';
import { checkSameModel, WeightsError, weightsOf, type GivenWeights } from '../../../src/train/saving/first-weights.ts';
import { Trainer } from '../../../src/train/trainer.ts';
import { emptyCheckpoint } from '../../support/empty-checkpoint.ts';
import { gpu } from '../../support/gpu.ts';
import { tinyHierarchy, tinyRun } from '../../support/tiny-model.ts';

let device: Gpu;
let corpus: Corpus;
let other: Corpus;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
  corpus = makeCorpus('words', new TextEncoder().encode('the whale swam under the ship and sailed on '.repeat(40)));
  other = makeCorpus('figures', new TextEncoder().encode('3 and 4 make 7, 5 and 4 make 9; '.repeat(60)));
});

interface Origin {
  from?: Checkpoint;
  weights?: GivenWeights;
}

async function start(config: RunConfig, text: Corpus, origin: Origin = {}) {
  const events: WorkerEvent[] = [];
  const emit = (event: WorkerEvent): void => void events.push(event);
  const options = { gpu: device, runId: 1, config, corpus: text, emit, autoSample: false, ...origin };
  return { trainer: await Trainer.create(options), events };
}

/** What a run of so many steps comes to. */
async function finish(config: RunConfig, text: Corpus, origin: Origin = {}, steps = Infinity) {
  const { trainer, events } = await start(config, text, origin);
  await (steps === Infinity ? trainer.resume() : trainer.advance(steps));
  const saved = await trainer.save();
  await trainer.stop();
  const losses = events.flatMap((event) => (event.type === 'metrics' ? [...event.batch.trainBpb] : []));
  return { saved, losses, events };
}

function throughFile(run: Checkpoint, write = writeCheckpoint): Promise<Checkpoint> {
  return new Blob(write(run)).arrayBuffer().then(readCheckpoint);
}

const trained = tinyRun({ training: { steps: 40, learningRate: 1e-2 } });
/** What is asked of a run that begins with the weights of that. */
const tuned = tinyRun({ training: { steps: 6, seed: 7, learningRate: 1e-3, schedule: 'cosine' } });

describe('a run that begins with weights', () => {
  it('has those and nothing else of the run that they come from: step, moments and rate are of a new one', async () => {
    const { saved } = await finish(trained, corpus);
    const weights = await weightsOf(await throughFile(saved), 'the whale');
    // The same by the way of a run that goes on: one that stands at step 0, with nothing of Adam.
    const model = await throughFile(saved, writeModel);
    const asIfSaved = { ...model, step: 0, activeSeconds: 0, config: tuned };
    const begun = await finish(tuned, other, { weights });
    const reference = await finish(tuned, other, { from: asIfSaved });
    expect(begun.losses).toHaveLength(6);
    expect(begun.losses).toEqual(reference.losses);
    expect(begun.saved.weights).toEqual(reference.saved.weights);
    expect(begun.saved.secondMoments).toEqual(reference.saved.secondMoments);
    expect(begun.losses[0]).not.toBe((await finish(tuned, other)).losses[0]);
    expect(begun.events.find(({ type }) => type === 'started')).toMatchObject({
      firstWeights: { name: 'the whale', step: 40, sha256: weights.of.sha256 },
    });
  });

  it('is to the bit the run whose seed has drawn the same', async () => {
    const drawn = await start(tuned, corpus);
    const weights = await weightsOf(await drawn.trainer.save(), 'drawn');
    await drawn.trainer.stop();
    const [begun, straight] = [await finish(tuned, corpus, { weights }), await finish(tuned, corpus)];
    expect(begun.losses).toEqual(straight.losses);
    expect(begun.saved.weights).toEqual(straight.saved.weights);
    expect(straight.events.find(({ type }) => type === 'started')).not.toHaveProperty('firstWeights');
  });

  it('still knows them when it has come from a file, and goes on to the bit', async () => {
    const weights = await weightsOf((await finish(trained, corpus)).saved, 'the whale');
    const straight = await finish(tuned, other, { weights });
    const halfway = await finish(tuned, other, { weights }, 3);
    const from = await throughFile(halfway.saved);
    expect(from.firstWeights).toEqual(weights.of);
    const resumed = await finish(tuned, other, { from });
    expect(resumed.losses).toEqual(straight.losses.slice(3));
    expect(resumed.saved).toEqual({ ...straight.saved, activeSeconds: expect.any(Number) });
    expect((await throughFile(resumed.saved, writeModel)).firstWeights).toEqual(weights.of);
    expect(resumed.events.find(({ type }) => type === 'started')).toMatchObject({ firstWeights: weights.of });
  });

  it('is refused before anything is built where an array is missing or has another shape', async () => {
    const { weights: values } = (await finish(trained, corpus, {}, 1)).saved;
    const { of } = await weightsOf(emptyCheckpoint(), 'none');
    const bytesAlive = device.counts.bytesAlive;
    const lacking = new Map([...values].filter(([name]) => name !== 'to_logits.weight'));
    const refused = start(tuned, other, { weights: { of, values: lacking } });
    await expect(refused).rejects.toThrow(/not those of the model: to_logits\.weight: missing, needs \[256, 8\]/);
    await expect(refused).rejects.toThrow(WeightsError);
    const wide = tinyRun({ model: { hierarchies: [tinyHierarchy(1, { window: 4, dim: 16 }), tinyHierarchy(4)] } });
    await expect(start(wide, other, { weights: { of, values } })).rejects.toThrow(/given \[.*\], needs \[/);
    expect(device.counts.bytesAlive).toBe(bytesAlive);
  });
});

describe('first weights', () => {
  it('are told apart by their numbers, names and shapes, in whatever order a file has them', async () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const digest = async (...arrays: [string, number[], Float32Array<ArrayBuffer>][]): Promise<string> => {
      const weights = new Map(arrays.map(([name, shape, values]) => [name, { shape, data: values }]));
      return (await weightsOf(emptyCheckpoint({ weights }), 'any')).of.sha256;
    };
    const first = await digest(['a', [4], data], ['b', [2, 2], data]);
    expect(await digest(['b', [2, 2], data], ['a', [4], data.slice()])).toBe(first);
    expect(await digest(['a', [4], data], ['b', [4], data])).not.toBe(first);
    expect(await digest(['a', [4], data], ['c', [2, 2], data])).not.toBe(first);
    expect(await digest(['a', [4], data], ['b', [2, 2], Float32Array.of(1, 2, 3, 5)])).not.toBe(first);
  });

  it('of another model are refused by what differs', () => {
    const { model } = tinyRun();
    expect(() => checkSameModel(model, model)).not.toThrow();
    expect(() => checkSameModel(model, { ...model, depth: 3 })).toThrow(
      'trained with depth 1, the configuration has 3',
    );
  });

  it('are left out of files of runs whose own were drawn, and are refused where they are none', async () => {
    const run = await throughFile(emptyCheckpoint());
    expect(run).not.toHaveProperty('firstWeights');
    const file = await new Blob(writeCheckpoint(emptyCheckpoint())).arrayBuffer();
    const { tensors, metadata } = readSafetensors(file);
    expect(metadata).not.toHaveProperty('first_weights');
    const broken = writeSafetensors(tensors, { ...metadata, first_weights: '{"name":"x"}' });
    const read = new Blob(broken).arrayBuffer().then(readCheckpoint);
    await expect(read).rejects.toThrow('checkpoint: it does not say which weights it began with');
  });
});
