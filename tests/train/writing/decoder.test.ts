import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { modelConfigFrom } from '../../../src/cli/parity/golden-config.ts';
import type { GoldenModel } from '../../../src/cli/parity/golden-model.ts';
import { hasMerges } from '../../../src/config/has-merges.ts';
import type { ModelConfig } from '../../../src/config/types.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import type { HierarchicalTransformer } from '../../../src/model/hierarchical-transformer.ts';
import { TUNINGS } from '../../../src/tensor/tuning.ts';
import { InferenceProgram } from '../../../src/train/passes/inference.ts';
import { Decoder } from '../../../src/train/writing/decoder.ts';
import { countCreations } from '../../support/counting-device.ts';
import { readGolden } from '../../support/golden.ts';
import { gpu } from '../../support/gpu.ts';
import { ModelOnDevice } from '../../support/model-on-device.ts';
import { relativeError } from '../../support/relative-error.ts';
import { tinyHierarchy, tinyModel } from '../../support/tiny-model.ts';

const CONTEXT = 37;

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

function someText(length: number, seed = 1): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length }, (_, i) => 65 + ((i * i * seed + 7 * i + seed) % 50));
}

/** Logits after every position by one pass over the whole text, which may leave a hierarchy out of its merges. */
async function wholeLogits(
  model: HierarchicalTransformer,
  text: Uint32Array<ArrayBuffer>,
  muted?: number,
): Promise<Float32Array[]> {
  const { contextLength, numTokens } = model.config;
  const program = await InferenceProgram.create(device, model, 1, contextLength, { muted });
  const padded = new Uint32Array(contextLength);
  padded.set(text);
  program.run(padded);
  const logits = await program.read(program.activations.logits);
  program.destroy();
  return Array.from(text, (_, t) => logits.subarray(t * numTokens, (t + 1) * numTokens));
}

/** `nextLogits` of a model without strides, which tells how many positions it has run. */
function positionsRead(decoder: Decoder): (text: Uint32Array<ArrayBuffer>, length: number) => Promise<number> {
  let dispatches = 0;
  const create = device.device.createCommandEncoder.bind(device.device);
  const spy = vi.spyOn(device.device, 'createCommandEncoder').mockImplementation((...given) => {
    const encoder = create(...given);
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (...options) => {
      const pass = begin(...options);
      const dispatch = pass.dispatchWorkgroups.bind(pass);
      pass.dispatchWorkgroups = (...counts) => {
        dispatches++;
        return dispatch(...counts);
      };
      return pass;
    };
    return encoder;
  });
  onTestFinished(() => spy.mockRestore());
  return async (text, length) => {
    dispatches = 0;
    await decoder.nextLogits(text, length);
    return dispatches / decoder.dispatchCounts.get(1)!;
  };
}

const three = [
  tinyHierarchy(1, { window: 5 }),
  tinyHierarchy(4, { stride: 2, dim: 12, heads: 2, dimHead: 6 }),
  tinyHierarchy(8, { stride: 8, dim: 6 }),
];

const MODELS: [string, Partial<ModelConfig>][] = [
  ['no hierarchies, every key', { hierarchies: [tinyHierarchy(1, { heads: 3, dimHead: 10 })] }],
  ['no hierarchies, a window', { hierarchies: [tinyHierarchy(1, { window: 3 })], depth: 3 }],
  ['two hierarchies', { depth: 2 }],
  ['windows at a dilation', { hierarchies: [tinyHierarchy(1, { window: 0 }), tinyHierarchy(4, { window: 2 })] }],
  ['strides', { hierarchies: three, depth: 2 }],
  ['strides, merged into all', { hierarchies: three, depth: 2, mergeAll: true }],
  ['strides, predicted from all', { hierarchies: three, predictAll: true }],
  ['strides, all of both', { hierarchies: three, mergeAll: true, predictAll: true, depth: 2 }],
  ['strides, no merge, predicted from all', { hierarchies: three, ablateMerge: true, predictAll: true }],
  ['no merge', { ablateMerge: true }],
  [
    'predicted from 2x, a coarse one first',
    { predictFactor: 2, hierarchies: [tinyHierarchy(8, { stride: 4, window: 1 }), tinyHierarchy(2, { dim: 9 })] },
  ],
  [
    'five hierarchies, one of width 1',
    {
      hierarchies: [
        tinyHierarchy(1, { window: 37 }),
        tinyHierarchy(2, { dim: 1, stride: 2 }),
        tinyHierarchy(4, { dimHead: 14, window: 4 }),
        tinyHierarchy(16, { window: 2, stride: 4 }),
        tinyHierarchy(64, { stride: 32 }),
      ],
    },
  ],
];

describe.each(['software', 'gpu'] as const)('a text that grows, kernels for %s', (variant) => {
  it.each(MODELS)('has the logits of one pass over the whole text: %s', async (_name, changes) => {
    const on = new ModelOnDevice(device, tinyModel({ contextLength: CONTEXT, ...changes }));
    const text = someText(CONTEXT);
    const expected = await wholeLogits(on.model, text);
    // Prompts shorter than most factors and longer ones, read position by position or in one pass.
    for (const [promptLength, positionsPerPass] of [
      [3, 3],
      [3, 1],
      [18, 1],
      [CONTEXT - 2, 1],
    ]) {
      const options = { tuning: TUNINGS[variant], positionsPerPass };
      const decoder = await Decoder.create(device, on.model, () => 0, options);
      for (let length = promptLength; length <= CONTEXT; length++) {
        const logits = await decoder.nextLogits(text, length);
        const what = `${length} bytes after a prompt of ${promptLength}`;
        expect(relativeError(logits, expected[length - 1]), what).toBeLessThan(5e-6);
      }
      decoder.destroy();
    }
    on.destroy();
  });
});

describe('a text that grows without one of the hierarchies', () => {
  const merged = MODELS.filter(([, changes]) => hasMerges(tinyModel(changes)));
  it.each(merged)('has the logits of a whole pass that leaves it out of every merge: %s', async (_name, changes) => {
    const on = new ModelOnDevice(device, tinyModel({ contextLength: CONTEXT, ...changes }));
    const text = someText(CONTEXT);
    const all = await wholeLogits(on.model, text);
    for (const muted of on.model.config.hierarchies.keys()) {
      const expected = await wholeLogits(on.model, text, muted);
      expect(relativeError(all[CONTEXT - 1], expected[CONTEXT - 1]), `without ${muted}`).toBeGreaterThan(1e-4);
      // The prompt is read position by position, then in one pass.
      for (const promptLength of [3, 18]) {
        const decoder = await Decoder.create(device, on.model, () => 0, { muted, positionsPerPass: 3 });
        for (let length = promptLength; length <= CONTEXT; length++) {
          const logits = await decoder.nextLogits(text, length);
          const what = `without ${muted}, ${length} bytes after a prompt of ${promptLength}`;
          expect(relativeError(logits, expected[length - 1]), what).toBeLessThan(5e-6);
        }
        decoder.destroy();
      }
    }
    on.destroy();
  });

  it('costs a byte one dispatch more for each merge, the zeros', async () => {
    const on = new ModelOnDevice(device, tinyModel({ hierarchies: three, mergeAll: true, depth: 2 }));
    const all = await Decoder.create(device, on.model, () => 0);
    const without = await Decoder.create(device, on.model, () => 0, { muted: 1 });
    for (const [stride, count] of all.dispatchCounts) expect(without.dispatchCounts.get(stride)).toBe(count + 2);
    all.destroy();
    without.destroy();
    on.destroy();
  });
});

describe.each(['h4_strided', 'merge_all', 'predict_all', 'window0', 'ragged'])('the model of %s', (name) => {
  it('has the logits of the reference, position by position', async () => {
    const golden = await readGolden<GoldenModel>(name);
    const on = new ModelOnDevice(device, modelConfigFrom(golden.attributes.kwargs, golden.attributes.forward_kwargs));
    on.upload(golden);
    const [, n, classes] = golden.shape('out/logits');
    const text = golden.ids('in/ids').slice(0, n);
    const decoder = await Decoder.create(device, on.model, () => 0, { positionsPerPass: n });
    for (const length of [1, 2, 3, 8, 9, 18, 33, n]) {
      const expected = golden.floats('out/logits').subarray((length - 1) * classes, length * classes);
      expect(relativeError(await decoder.nextLogits(text, length), expected), `${length} bytes`).toBeLessThan(1e-5);
    }
    decoder.destroy();
    on.destroy();
  });
});

describe('a decoder', () => {
  it('reads only what it does not know', async () => {
    const on = new ModelOnDevice(device, tinyModel());
    const decoder = await Decoder.create(device, on.model, () => 0, { positionsPerPass: 16 });
    const text = someText(16);
    const read = positionsRead(decoder);
    expect([await read(text, 5), await read(text, 6), await read(text, 10)]).toEqual([5, 1, 4]);
    // Neither the same text again nor another one goes on from where it stands.
    expect([await read(text, 10), await read(someText(16, 2), 11)]).toEqual([10, 11]);
    decoder.destroy();
    on.destroy();
  });

  it('begins anew with another text, which sees nothing of the one before', async () => {
    const on = new ModelOnDevice(device, tinyModel({ hierarchies: three, mergeAll: true }));
    const decoder = await Decoder.create(device, on.model, () => 0);
    await decoder.nextLogits(someText(16, 3), 16);
    for (const [seed, length] of [
      [1, 1],
      [2, 7],
      [1, 16],
    ]) {
      const text = someText(16, seed);
      const expected = (await wholeLogits(on.model, text))[length - 1];
      expect(relativeError(await decoder.nextLogits(text, length), expected)).toBeLessThan(5e-6);
    }
    decoder.destroy();
    on.destroy();
  });

  it('sees that parameters have changed', async () => {
    const on = new ModelOnDevice(device, tinyModel());
    const decoder = await Decoder.create(device, on.model, () => on.version);
    const text = someText(16);
    const before = await decoder.nextLogits(text, 9);
    on.draw(2);
    const expected = (await wholeLogits(on.model, text))[9];
    expect(relativeError(await decoder.nextLogits(text, 10), expected)).toBeLessThan(5e-6);
    expect(relativeError(await decoder.nextLogits(text, 9), before)).toBeGreaterThan(1e-2);
    decoder.destroy();
    on.destroy();
  });

  it('creates nothing on the device for a byte, and gives everything back at its end', async () => {
    const counts = countCreations(device);
    const { buffersAlive, bytesAlive } = device.counts;
    const on = new ModelOnDevice(device, tinyModel({ hierarchies: three, contextLength: 64 }));
    const decoder = await Decoder.create(device, on.model, () => 0);
    const text = someText(64);
    await decoder.nextLogits(text, 20);
    const before = { ...counts };
    for (let length = 21; length <= 64; length++) await decoder.nextLogits(text, length);
    const used = { submits: before.submits + 44, writes: counts.writes, passes: counts.passes };
    expect(counts).toEqual({ ...before, ...used });
    decoder.destroy();
    on.destroy();
    expect(counts.liveBuffers).toBe(0);
    expect(device.counts).toMatchObject({ buffersAlive, bytesAlive });
  });
});
