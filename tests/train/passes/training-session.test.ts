import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { flopsPerStep } from '../../../src/config/costs.ts';
import { presetConfig, presets } from '../../../src/config/presets.ts';
import type { ModelConfig } from '../../../src/config/types.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { HierarchicalTransformer } from '../../../src/model/hierarchical-transformer.ts';
import { recordLayout } from '../../../src/model/losses.ts';
import { downloadState, uploadState } from '../../../src/tensor/parameter-transfer.ts';
import { ParameterStore } from '../../../src/tensor/parameter-store.ts';
import type { ActivationType } from '../../../src/tensor/tensor.ts';
import { TUNINGS } from '../../../src/tensor/tuning.ts';
import { declareStepMemory } from '../../../src/train/passes/step-memory.ts';
import { traceTraining } from '../../../src/train/passes/training-trace.ts';
import type { BatchSource } from '../../../src/train/passes/input-ring.ts';
import { TrainingSession, type SessionOptions } from '../../../src/train/passes/training-session.ts';
import { countCreations } from '../../support/counting-device.ts';
import { relativeError } from '../../support/relative-error.ts';
import { gpu } from '../../support/gpu.ts';
import { tinyHierarchy, tinyModel } from '../../support/tiny-model.ts';

const HYPER = { learningRate: 3e-3, clip: 0.5, weightDecay: 0, ceWeight: 1, reconWeight: 0.1, arWeight: 0.25 };

/** Letters that depend on the step, or on the step of an accumulated batch's own rows. */
const letters: BatchSource = (ids, step, micro) => {
  for (let i = 0; i < ids.length; i++) ids[i] = 97 + ((i * 7 + (step + micro * 13) * 11 + ((i * i) % 5)) % 26);
};

let device: Gpu;
beforeEach(async () => {
  device = await Gpu.open(await gpu());
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function open(options: Partial<SessionOptions> = {}) {
  const records: Float32Array[] = [];
  const session = await TrainingSession.create(device, {
    model: tinyModel(),
    batchSize: 2,
    accumulation: 1,
    seed: 1,
    onRecord: (record) => records.push(record.slice()),
    ...options,
  });
  return { session, records };
}

async function weightsAfter(
  steps: number,
  perSubmit: number,
): Promise<{ weights: Float32Array[]; records: Float32Array[] }> {
  const { session, records } = await open();
  for (let done = 0; done < steps; done += perSubmit) session.replay.submit(perSubmit, letters, () => HYPER);
  await session.replay.ring.atMost(0);
  const weights = [...(await downloadState(device, session.store, 'weights')).values()].map(({ data }) => data);
  session.destroy();
  return { weights, records };
}

describe('a step', () => {
  it('resolves only times that its passes have written, since wgpu waits for others for ever, and once a submit', async () => {
    const { session } = await open();
    const written = new Set<number | undefined>();
    const unwritten: number[] = [];
    let resolves = 0;
    const create = device.device.createCommandEncoder.bind(device.device);
    vi.spyOn(device.device, 'createCommandEncoder').mockImplementation((...args) => {
      const encoder = create(...args);
      const [begin, resolve] = [encoder.beginComputePass.bind(encoder), encoder.resolveQuerySet.bind(encoder)];
      encoder.beginComputePass = (descriptor) => {
        const { beginningOfPassWriteIndex, endOfPassWriteIndex } = descriptor?.timestampWrites ?? {};
        written.add(beginningOfPassWriteIndex).add(endOfPassWriteIndex);
        return begin(descriptor);
      };
      encoder.resolveQuerySet = (set, first, count, ...to) => {
        for (let i = first; i < first + count; i++) if (!written.has(i)) unwritten.push(i);
        resolves++;
        resolve(set, first, count, ...to);
      };
      return encoder;
    });
    session.replay.accumulateOnly(letters, HYPER);
    session.replay.spread(3);
    session.replay.submit(2, letters, () => HYPER);
    await session.replay.ring.atMost(0);
    session.destroy();
    expect(written.size).toBeGreaterThan(6);
    expect(unwritten).toEqual([]);
    expect(resolves).toBe(1);
  });

  it('creates no buffer, bind group or pipeline between step 20 and step 220, and what is alive stays the same', async () => {
    const counts = countCreations(device);
    const { session, records } = await open();
    const run = async (until: number): Promise<void> => {
      while (session.step < until) {
        session.replay.submit(4, letters, () => HYPER);
        await session.replay.ring.atMost(12);
      }
      await session.replay.ring.atMost(0);
    };
    await run(20);
    const before = { ...counts };
    const alive = Object.entries(device.counts);
    await run(220);
    expect(records).toHaveLength(220);
    const used = { submits: 0, writes: 0, passes: 0 };
    expect({ ...counts, ...used }).toEqual({ ...before, ...used });
    expect(Object.entries(device.counts)).toEqual(alive);
    expect(before.bindGroups).toBeGreaterThan(50);
    session.destroy();
    expect(counts.liveBuffers).toBe(0);
    expect(device.counts.buffersAlive).toBe(0);
  });

  it('is one submit, or less: four steps in one', async () => {
    const { session } = await open();
    const counts = countCreations(device);
    session.replay.submit(1, letters, () => HYPER);
    expect(counts.submits).toBe(1);
    session.replay.submit(4, letters, () => HYPER);
    expect(counts.submits).toBe(2);
    await session.replay.ring.atMost(0);
    session.destroy();
  });

  it('gives the same bits every time, however many steps share a submit', async () => {
    const [first, second, joined] = [await weightsAfter(8, 1), await weightsAfter(8, 1), await weightsAfter(8, 4)];
    expect(second).toEqual(first);
    expect(joined).toEqual(first);
  });

  it.each([
    [1, 5],
    [2, 4],
  ])(
    'of %i micro-batches spread over %i submits each creates nothing and gives the same bits',
    async (micro, pieces) => {
      const run = async (spread: number) => {
        const { session, records } = await open({ accumulation: micro });
        session.replay.spread(spread);
        const counts = countCreations(device);
        session.replay.submit(3, letters, () => HYPER);
        expect(counts).toMatchObject({ buffers: 0, bindGroups: 0, pipelines: 0, shaderModules: 0 });
        await session.replay.ring.atMost(0);
        const weights = await downloadState(device, session.store, 'weights');
        session.destroy();
        return { weights, records, submits: counts.submits };
      };
      const { weights, records } = await run(1);
      // The updates go with what follows them.
      expect(await run(pieces)).toEqual({ weights, records, submits: expect.any(Number) });
    },
  );

  it('learns: a tiny model knows one batch by heart', async () => {
    const { session, records } = await open({
      model: tinyModel({ hierarchies: [tinyHierarchy(1, { dim: 16 }), tinyHierarchy(4, { dim: 16 })] }),
    });
    const sameBatch: BatchSource = (ids) => letters(ids, 3, 0);
    for (let i = 0; i < 40; i++) {
      session.replay.submit(5, sameBatch, () => ({ ...HYPER, learningRate: 1e-2 }));
      await session.replay.ring.atMost(20);
    }
    await session.replay.ring.atMost(0);
    const { ce } = session.layout;
    expect(records[0][ce]).toBeGreaterThan(5);
    expect(records.at(-1)![ce]).toBeLessThan(0.3);
    session.destroy();
  });

  it('sums micro-batches: two of half the size update like one of the whole', async () => {
    const whole: BatchSource = (ids) => letters(ids, 0, 0);
    const one = await open({ batchSize: 4 });
    one.session.replay.submit(1, whole, () => HYPER);
    await one.session.replay.ring.atMost(0);
    const rows = new Uint32Array(4 * 17);
    whole(rows, 0, 0);
    const halves: BatchSource = (ids, _step, micro) => ids.set(rows.subarray(micro * 34, micro * 34 + 34));
    const two = await open({ batchSize: 2, accumulation: 2 });
    const half = { ...HYPER, ceWeight: 0.5, reconWeight: 0.05, arWeight: 0.125 };
    two.session.replay.submit(1, halves, () => half);
    await two.session.replay.ring.atMost(0);
    expect(relativeError(two.records[0], one.records[0])).toBeLessThan(1e-5);
    const [a, b] = [
      await downloadState(device, one.session.store, 'gradients'),
      await downloadState(device, two.session.store, 'gradients'),
    ];
    // Reconstruction counts fewer targets at the start of each row, the same number in every row: counts are equal.
    for (const [name, { data }] of a) expect(relativeError(b.get(name)!.data, data), name).toBeLessThan(1e-4);
    one.session.destroy();
    two.session.destroy();
  });
});

describe('activations of half precision', () => {
  it('train like those of f32', async () => {
    const run = async (activations: ActivationType) => {
      const { session, records } = await open({ activations, accumulation: 2 });
      for (let i = 0; i < 5; i++) session.replay.submit(4, letters, () => HYPER);
      await session.replay.ring.atMost(0);
      session.destroy();
      return {
        losses: records.map((record) => record[session.layout.ce]),
        norms: records.map((record) => record[session.layout.gradNorm]),
      };
    };
    const exact = await run('f32');
    const rounded = await run('f16-rounded');
    expect(rounded.losses).not.toEqual(exact.losses);
    expect(relativeError(rounded.losses, exact.losses)).toBeLessThan(2e-3);
    expect(relativeError(rounded.norms, exact.norms)).toBeLessThan(2e-2);
  });

  it('leave out updates until the factor of the losses is so small that gradients fit, and then train', async () => {
    const { session, records } = await open({ activations: 'f16-rounded' });
    const weights = async () =>
      [...(await downloadState(device, session.store, 'weights')).values()].map(({ data }) => data);
    const first = await weights();
    // Times 2^16 a gradient of 1 / 32 already is too large.
    const large = { ...HYPER, ceWeight: 2 ** 12 };
    session.replay.submit(2, letters, () => large);
    const still = await weights();
    for (let i = 0; i < 7; i++) session.replay.submit(2, letters, () => large);
    await session.replay.ring.atMost(0);
    const { gradNorm, nonFinite, ce } = session.layout;
    const fits = records.findIndex((record) => Number.isFinite(record[gradNorm]));
    expect(still).toEqual(first);
    expect(fits).toBeGreaterThan(2);
    expect(records.slice(fits).every((record) => Number.isFinite(record[gradNorm]))).toBe(true);
    expect(records.every((record) => record[nonFinite] === 0)).toBe(true);
    expect(records.at(-1)![ce]).toBeLessThan(records[fits][ce]);
    session.destroy();
  });
});

describe('recomputed activations', () => {
  const three = [
    tinyHierarchy(1, { window: 4, dim: 12, heads: 2 }),
    tinyHierarchy(2, { window: 0 }),
    tinyHierarchy(4, { stride: 2, dim: 16 }),
  ];
  it.each([
    ['of a plain transformer', { depth: 3, hierarchies: [tinyHierarchy(1)] }],
    ['with strides and no attention in one', { depth: 3, hierarchies: three }],
    ['merged into all', { depth: 3, mergeAll: true, predictAll: true, hierarchies: [three[0], tinyHierarchy(4)] }],
  ] as [string, Partial<ModelConfig>][])(
    '%s: every loss, gradient norm and weight is the same to the bit',
    async (_, changes) => {
      const run = async (recompute: boolean) => {
        const { session, records } = await open({ model: tinyModel(changes), recompute, accumulation: 2 });
        session.replay.submit(4, letters, () => HYPER);
        await session.replay.ring.atMost(0);
        const weights = await downloadState(device, session.store, 'weights');
        session.destroy();
        return { weights, records };
      };
      const kept = await run(false);
      expect(await run(true)).toEqual(kept);
      expect(kept.records).toHaveLength(4);
      expect(kept.records.flatMap((record) => [...record]).every(Number.isFinite)).toBe(true);
    },
  );
});

describe('something not finite', () => {
  it('stops updates at that step, says so in every later record, and lets go when told', async () => {
    const { session, records } = await open();
    session.replay.submit(2, letters, () => HYPER);
    session.replay.submit(1, letters, () => ({ ...HYPER, ceWeight: Infinity }));
    session.replay.submit(2, letters, () => HYPER);
    await session.replay.ring.atMost(0);
    const { nonFinite } = session.layout;
    expect(records.map((record) => record[nonFinite])).toEqual([0, 0, 1, 1, 1]);
    const stopped = await downloadState(device, session.store, 'weights');
    for (const { data } of stopped.values()) expect(data.every(Number.isFinite)).toBe(true);
    session.clearNotFinite();
    session.replay.submit(1, letters, () => HYPER);
    await session.replay.ring.atMost(0);
    expect(records.at(-1)![nonFinite]).toBe(0);
    const after = await downloadState(device, session.store, 'weights');
    expect(after.get('to_logits.weight')).not.toEqual(stopped.get('to_logits.weight'));
    session.destroy();
  });
});

describe('under ablation of the merge', () => {
  it('the merges have no gradient and do not even decay', async () => {
    const { session } = await open({ model: tinyModel({ ablateMerge: true }) });
    const before = await downloadState(device, session.store, 'weights');
    session.replay.submit(3, letters, () => ({ ...HYPER, weightDecay: 0.5 }));
    await session.replay.ring.atMost(0);
    const after = await downloadState(device, session.store, 'weights');
    for (const [name, entry] of before) {
      if (name.startsWith('hierarchical_merges')) expect(after.get(name), name).toEqual(entry);
      else expect(after.get(name), name).not.toEqual(entry);
    }
    session.destroy();
  });
});

describe('arithmetic', () => {
  it.each(presets.map(({ id }) => id))('of %s: what the ops declare is close to what the form says', (id) => {
    const config = presetConfig(id);
    const { model, training } = config;
    const store = new ParameterStore(2 ** 30);
    const memory = declareStepMemory('dry', training.batchSize, model.contextLength, recordLayout(model).size);
    const transformer = new HierarchicalTransformer(model, store);
    const { accumulate } = traceTraining(transformer, store, memory, training.accumulation, TUNINGS.gpu);
    const declared = training.accumulation * (accumulate.forwardFlops + accumulate.backwardFlops);
    const { forward, backward } = flopsPerStep(config);
    // The ops count norms, losses and everything else that is not a product as well.
    expect(declared / (forward + backward)).toBeGreaterThan(0.95);
    expect(declared / (forward + backward)).toBeLessThan(1.1);
  });
});

describe('pipelines', () => {
  it('are all asked for before the first is ready, and progress counts to the last', async () => {
    const original = device.device.createComputePipelineAsync.bind(device.device);
    let pending = 0;
    let mostPending = 0;
    Object.defineProperty(device.device, 'createComputePipelineAsync', {
      value: async (descriptor: GPUComputePipelineDescriptor) => {
        mostPending = Math.max(mostPending, ++pending);
        const pipeline = await original(descriptor);
        pending--;
        return pipeline;
      },
    });
    const progress: [number, number][] = [];
    const { session } = await open({ onCompiling: (done, total) => progress.push([done, total]) });
    const total = progress[0][1];
    expect(mostPending).toBe(total);
    expect(progress.map(([done]) => done)).toEqual(Array.from({ length: total + 1 }, (_, i) => i));
    session.destroy();
  });
});

describe('an adapter whose bindings are small', () => {
  const model = tinyModel({ numTokens: 128, contextLength: 32, hierarchies: [tinyHierarchy(1), tinyHierarchy(32)] });
  const wide: Partial<SessionOptions> = { model: { ...model, reconWeight: 0 }, batchSize: 1 };

  it('gets the weight of a compressor in blocks, and the model and its training stay the same', async () => {
    const bytes = 32 * 32 * 8 * 4;
    const whole = await open(wide);
    const small = { maxComputeWorkgroupsPerDimension: 65_535, maxBufferSize: 2 ** 28 };
    Object.defineProperty(device, 'limits', { value: { ...small, maxStorageBufferBindingSize: bytes / 2 + 1024 } });
    const cut = await open(wide);
    const blocks = cut.session.store.parameters.filter(({ name }) => name.endsWith('.conv.weight'));
    expect(blocks.map(({ shape }) => shape)).toEqual([
      [16, 32, 8],
      [16, 32, 8],
    ]);

    const first = await downloadState(device, whole.session.store, 'weights');
    uploadState(device, cut.session.store, 'weights', first);
    expect(await downloadState(device, cut.session.store, 'weights')).toEqual(first);
    for (const { session } of [whole, cut]) {
      session.replay.submit(3, letters, () => HYPER);
      await session.replay.ring.atMost(0);
    }
    cut.records.forEach((record, i) => expect(relativeError(record, whole.records[i])).toBeLessThan(1e-5));
    const [a, b] = [
      await downloadState(device, whole.session.store, 'gradients'),
      await downloadState(device, cut.session.store, 'gradients'),
    ];
    for (const [name, { data }] of a) expect(relativeError(b.get(name)!.data, data), name).toBeLessThan(1e-3);
    whole.session.destroy();
    cut.session.destroy();
  });
});

it('a model that no binding can hold is refused with the tensor and the limit', async () => {
  const model = tinyModel({ hierarchies: [tinyHierarchy(1, { dim: 4096, ffMult: 64 })] });
  const limit = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
  await expect(open({ model })).rejects.toThrow(`needs at most ${limit}, the largest binding of this adapter`);
});
