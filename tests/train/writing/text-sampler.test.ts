import { beforeAll, describe, expect, it, vi } from 'vitest';
import { modelConfigFrom } from '../../../src/cli/parity/golden-config.ts';
import type { GoldenModel } from '../../../src/cli/parity/golden-model.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { generate } from '../../../src/model/generate.ts';
import type { HierarchicalTransformer } from '../../../src/model/hierarchical-transformer.ts';
import { topKFromThreshold } from '../../../src/model/sampling.ts';
import { RandomStream } from '../../../src/random/random-stream.ts';
import { InferenceProgram } from '../../../src/train/passes/inference.ts';
import { TextSampler, type TextRequest } from '../../../src/train/writing/text-sampler.ts';
import { countCreations } from '../../support/counting-device.ts';
import { readGolden } from '../../support/golden.ts';
import { gpu } from '../../support/gpu.ts';
import { ModelOnDevice } from '../../support/model-on-device.ts';
import { tinyHierarchy, tinyModel } from '../../support/tiny-model.ts';

const CONTEXT = 24;

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

function prompt(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => 97 + ((i * i) % 11));
}

function request(changes: Partial<TextRequest> = {}): TextRequest {
  return { prompt: prompt(5), length: 12, temperature: 1, topK: 25, seed: 3, ...changes };
}

async function collect<T>(bytes: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const byte of bytes) all.push(byte);
  return all;
}

/** The text as a pass over the whole context for every byte writes it; `drawn` bytes of it are in the prompt already. */
async function plainText(model: HierarchicalTransformer, asked: TextRequest, drawn = 0): Promise<number[]> {
  const { contextLength, numTokens } = model.config;
  const { prompt, length, seed, muted, ...rest } = asked;
  const program = await InferenceProgram.create(device, model, 1, contextLength, { muted });
  const random = new RandomStream(seed, 'sampling');
  const uniform = (position: number, _row: number, index: number): number =>
    random.uniform((position + drawn) * numTokens + index);
  const rows = [prompt.length > 0 ? prompt : [10]];
  const options = { ...rest, count: length - drawn, contextLength, uniform };
  const tokens = await collect(generate((ids, n) => program.nextLogits(ids, n - 1), rows, options));
  program.destroy();
  return tokens.flat();
}

const strided = {
  depth: 2,
  contextLength: CONTEXT,
  hierarchies: [tinyHierarchy(1, { window: 5 }), tinyHierarchy(4, { stride: 2 }), tinyHierarchy(8, { stride: 8 })],
};

describe('a text', () => {
  const requests: [string, Partial<TextRequest>][] = [
    ['greedy', { temperature: 0 }],
    ['with a seed', {}],
    ['after nothing', { prompt: new Uint8Array() }],
    ['up to the end of the context exactly', { prompt: prompt(4), length: CONTEXT - 4 }],
    ['across the end of the context', { prompt: prompt(17), length: 20 }],
    ['after a prompt as long as the context', { prompt: prompt(CONTEXT), length: 4 }],
    ['after a prompt one shorter', { prompt: prompt(CONTEXT - 1), length: 4 }],
    ['after a longer prompt', { prompt: prompt(CONTEXT + 3), length: 4 }],
  ];
  it('is the one that whole passes write, and the next one too', async () => {
    const on = new ModelOnDevice(device, tinyModel({ ...strided, mergeAll: true }));
    const texts = await TextSampler.create(device, on.model, () => on.version);
    for (const [name, changes] of requests)
      expect(await collect(texts.sample(request(changes))), name).toEqual(await plainText(on.model, request(changes)));
    texts.destroy();
    on.destroy();
  });

  it('is the one of the reference, from the first byte to the end of the context and past it', async () => {
    const golden = await readGolden<GoldenModel>('short_infer');
    const { kwargs, generation } = golden.attributes;
    const on = new ModelOnDevice(device, modelConfigFrom(kwargs, null));
    on.upload(golden);
    const texts = await TextSampler.create(device, on.model, () => 0);
    const [rows, length] = golden.shape('gen/out');
    const promptLength = golden.shape('gen/prompt')[1];
    expect(promptLength + length).toBeGreaterThan(on.model.config.contextLength);
    for (let row = 0; row < rows; row++) {
      const written = await collect(
        texts.sample({
          prompt: Uint8Array.from(golden.ids('gen/prompt').subarray(row * promptLength, (row + 1) * promptLength)),
          length,
          temperature: 0,
          topK: topKFromThreshold(on.model.config.numTokens, generation!.filter_thres),
          seed: 0,
        }),
      );
      expect(written).toEqual([...golden.ids('gen/out').subarray(row * length, (row + 1) * length)]);
    }
    texts.destroy();
    on.destroy();
  });

  it('stands by itself while another is written', async () => {
    const on = new ModelOnDevice(device, tinyModel(strided));
    const texts = await TextSampler.create(device, on.model, () => 0);
    const asked = [request({ seed: 1 }), request({ seed: 2, prompt: prompt(9) })];
    const together = await Promise.all(asked.map((one) => collect(texts.sample(one))));
    for (const [i, one] of asked.entries()) expect(together[i]).toEqual(await plainText(on.model, one));
    texts.destroy();
    on.destroy();
  });

  it('is written without a hierarchy as whole passes without it write it, while another is written with all', async () => {
    const on = new ModelOnDevice(device, tinyModel(strided));
    const texts = await TextSampler.create(device, on.model, () => 0);
    const asked = [request({ length: 24, muted: 2 }), request({ length: 24 }), request({ length: 24, muted: 0 })];
    const [without2, all, without0] = await Promise.all(asked.map((one) => collect(texts.sample(one))));
    expect(without2).toEqual(await plainText(on.model, asked[0]));
    expect(all).toEqual(await plainText(on.model, asked[1]));
    expect(without0).toEqual(await plainText(on.model, asked[2]));
    expect(without2).not.toEqual(all);
    texts.destroy();
    on.destroy();
  });

  it('takes memory for what it leaves out only while it is written, to its end or not', async () => {
    const on = new ModelOnDevice(device, tinyModel(strided));
    const texts = await TextSampler.create(device, on.model, () => 0);
    const { buffersAlive, bytesAlive } = device.counts;
    for await (const byte of texts.sample(request({ muted: 1 }))) {
      expect(byte).toBeGreaterThanOrEqual(0);
      expect(device.counts.bytesAlive).toBeGreaterThan(bytesAlive);
      break;
    }
    expect(device.counts).toMatchObject({ buffersAlive, bytesAlive });
    await collect(texts.sample(request({ muted: 1 })));
    expect(device.counts).toMatchObject({ buffersAlive, bytesAlive });
    texts.destroy();
    on.destroy();
  });

  it('goes on with the newest parameters when training does, within it and before the next', async () => {
    const on = new ModelOnDevice(device, tinyModel(strided));
    const texts = await TextSampler.create(device, on.model, () => on.version);
    const before = await plainText(on.model, request());
    const written: number[] = [];
    for await (const byte of texts.sample(request())) {
      written.push(byte);
      if (written.length === 4) on.draw(2);
    }
    const begun = request({ prompt: Uint8Array.from([...prompt(5), ...before.slice(0, 4)]) });
    expect(written).toEqual([...before.slice(0, 4), ...(await plainText(on.model, begun, 4))]);
    expect(written).not.toEqual(before);
    expect(await collect(texts.sample(request()))).toEqual(await plainText(on.model, request()));
    texts.destroy();
    on.destroy();
  });

  it('is read byte by byte as long as it fits, as a whole from then on, and so is a long prompt', async () => {
    const on = new ModelOnDevice(device, tinyModel({ ...strided, contextLength: 48 }));
    const texts = await TextSampler.create(device, on.model, () => on.version);
    const wholePasses = vi.spyOn(InferenceProgram.prototype, 'queueLogits');
    const passesFor = async (promptLength: number, length: number): Promise<number> => {
      wholePasses.mockClear();
      await collect(texts.sample(request({ prompt: prompt(promptLength), length })));
      return wholePasses.mock.calls.length;
    };
    expect(await passesFor(8, 41)).toBe(0);
    // The last byte that fits is the one after a whole context.
    expect(await passesFor(8, 46)).toBe(5);
    expect(await passesFor(40, 9)).toBe(1);
    expect(await passesFor(48, 3)).toBe(3);
    // Also where it goes on from the text before.
    expect([await passesFor(40, 1), await passesFor(41, 1)]).toEqual([1, 1]);
    wholePasses.mockRestore();
    texts.destroy();
    on.destroy();
  });

  it('costs one submit a byte and creates nothing on the device, across the end of the context too', async () => {
    const own = await Gpu.open(await gpu());
    const counts = countCreations(own);
    const on = new ModelOnDevice(own, tinyModel(strided));
    const texts = await TextSampler.create(own, on.model, () => 0);
    await collect(texts.sample(request()));
    const before = { ...counts };
    await collect(texts.sample(request({ prompt: prompt(6), length: 24 })));
    const used = { submits: before.submits + 24, writes: counts.writes, passes: counts.passes };
    expect(counts).toEqual({ ...before, ...used });
    texts.destroy();
    on.destroy();
    expect(counts.liveBuffers).toBe(0);
  });
});
