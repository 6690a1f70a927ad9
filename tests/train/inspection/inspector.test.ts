import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ModelConfig } from '../../../src/config/types.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { Inspector } from '../../../src/train/inspection/inspector.ts';
import { writeParameter } from '../../../src/tensor/parameter-transfer.ts';
import { TrainingSession } from '../../../src/train/passes/training-session.ts';
import type { Inspection } from '../../../src/protocol/inspection.ts';
import { gpu } from '../../support/gpu.ts';
import { nullGpu } from '../../support/null-gpu.ts';
import { tinyHierarchy, tinyModel } from '../../support/tiny-model.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

const TEXT = new TextEncoder().encode('the white whale');

function inspect(
  model: ModelConfig,
  text = TEXT,
  attention = true,
  change?: (session: TrainingSession) => void,
): Promise<Inspection> {
  return inspectWith(model, async (inspector) => (await inspector.inspect(text, attention)).inspection, change);
}

/** What `look` makes of an inspector of a fresh model. */
async function inspectWith<T>(
  model: ModelConfig,
  look: (inspector: Inspector) => Promise<T>,
  change?: (session: TrainingSession) => void,
): Promise<T> {
  const session = await TrainingSession.create(device, {
    model,
    batchSize: 1,
    accumulation: 1,
    seed: 2,
    onRecord: () => {},
  });
  change?.(session);
  const inspector = new Inspector(device, session.model, () => 0);
  try {
    return await look(inspector);
  } finally {
    await inspector.destroy();
    session.destroy();
  }
}

describe('an inspection', () => {
  it('gives each query weights that add up to 1 over the keys it may see, and none to others', async () => {
    const model = tinyModel({
      depth: 2,
      hierarchies: [tinyHierarchy(1, { window: 3, heads: 2 }), tinyHierarchy(4, { stride: 2 })],
    });
    const { attention, hierarchies } = await inspect(model);
    expect(attention.map(({ layer, hierarchy }) => [layer, hierarchy])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    expect(hierarchies).toEqual([
      { factor: 1, stride: 1, dilation: 1, window: 3, tokens: 15, heads: 2 },
      { factor: 4, stride: 2, dilation: 2, window: null, tokens: 8, heads: 1 },
    ]);
    for (const { hierarchy, span, weights } of attention) {
      const { tokens, heads, dilation, window } = hierarchies[hierarchy];
      expect(weights).toHaveLength(heads * tokens * span);
      if (window !== null) expect(span).toBe(window + 1);
      for (let row = 0; row < heads * tokens; row++) {
        const seen = weights.subarray(row * span, (row + 1) * span);
        const total = seen.reduce((sum, w) => sum + w, 0) / 255;
        expect(total).toBeCloseTo(1, 1);
        const visible = Math.floor((row % tokens) / dilation) + 1;
        expect(seen.subarray(visible).every((w) => w === 0)).toBe(true);
      }
    }
  });

  it('names the distance of a head in bytes: the first query can only look at itself', async () => {
    const { attention } = await inspect(tinyModel(), TEXT.subarray(0, 1));
    for (const { meanDistance, entropy } of attention) {
      expect(meanDistance[0]).toBeCloseTo(0, 5);
      expect(entropy[0]).toBeCloseTo(0, 4);
    }
  });

  it('says of a window wider than the context that it is none, as the model does', async () => {
    const hierarchies = [tinyHierarchy(1, { window: 16 }), tinyHierarchy(4, { window: 5 })];
    const inspection = await inspect(tinyModel({ hierarchies }));
    expect(inspection.hierarchies.map(({ window }) => window)).toEqual([16, null]);
  });

  it('charges bits that agree with the probabilities it lists', async () => {
    const { bits, ranks, candidates, text } = await inspect(tinyModel(), TEXT, false);
    expect(text).toEqual(TEXT);
    expect(bits[0]).toBeNaN();
    expect(bits).toHaveLength(TEXT.length);
    for (let t = 1; t < text.length; t++) {
      const first = (t - 1) * candidates.count;
      expect(2 ** -bits[t]).toBeLessThanOrEqual(candidates.probabilities[first] * 1.0001);
      for (let i = 0; i < candidates.count; i++) {
        const at = first + i;
        if (i > 0) expect(candidates.probabilities[at]).toBeLessThanOrEqual(candidates.probabilities[at - 1]);
        if (candidates.bytes[at] === text[t]) {
          expect(2 ** -bits[t]).toBeCloseTo(candidates.probabilities[at], 5);
        }
      }
    }
    expect(ranks[0]).toBe(0);
    for (let t = 1; t < text.length; t++) {
      const first = (t - 1) * candidates.count;
      const place = candidates.bytes.subarray(first, first + candidates.count).indexOf(text[t]);
      if (place < 0) expect(ranks[t]).toBeGreaterThan(candidates.count);
      else expect(ranks[t]).toBe(place + 1);
      // No more bytes than 1 / p can be as likely as this one.
      expect(ranks[t]).toBeLessThanOrEqual(2 ** bits[t]);
    }
    expect(Math.max(...ranks)).toBeGreaterThan(1);
    // Untrained, the model is close to uniform: about 8 bits a byte.
    const mean = bits.subarray(1).reduce((sum, b) => sum + b, 0) / (text.length - 1);
    expect(mean).toBeGreaterThan(6);
    expect(mean).toBeLessThan(11);
  });

  it('tells what a hierarchy was worth: other bits without it, and nothing to tell where there is no merge', async () => {
    const { bits, bitsWithout } = await inspect(tinyModel(), TEXT, false);
    expect(bitsWithout).toHaveLength(2);
    for (const without of bitsWithout) {
      expect(without).toHaveLength(TEXT.length);
      expect(without!.subarray(1)).not.toEqual(bits.subarray(1));
    }
    expect((await inspect(tinyModel({ hierarchies: [tinyHierarchy(1)] }), TEXT, false)).bitsWithout).toEqual([null]);
    expect((await inspect(tinyModel({ ablateMerge: true }), TEXT, false)).bitsWithout).toEqual([null, null]);
  });

  it('tells what each hierarchy puts into each merge, at every byte', async () => {
    const hierarchies = [
      tinyHierarchy(1, { window: 3 }),
      tinyHierarchy(2, { dim: 6 }),
      tinyHierarchy(4, { stride: 2 }),
    ];
    const { mergeShares } = await inspect(tinyModel({ depth: 2, hierarchies }));
    expect(mergeShares).toHaveLength(2);
    for (const shares of mergeShares) {
      expect(shares).toHaveLength(TEXT.length * 3);
      for (let byte = 0; byte < TEXT.length; byte++) {
        const here = shares.subarray(3 * byte, 3 * byte + 3);
        expect(here.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
        expect(Math.min(...here)).toBeGreaterThan(0.02);
      }
    }
    expect(await inspect(tinyModel(), TEXT, false)).toMatchObject({ mergeShares: [], reconstructions: [] });
    expect((await inspect(tinyModel({ ablateMerge: true }))).mergeShares).toEqual([]);
  });

  it('gives a hierarchy no share of a merge whose weight takes nothing from it', async () => {
    const { mergeShares } = await inspect(tinyModel({ depth: 2 }), TEXT, true, (session) => {
      const weight = session.store.parameters.find(({ name }) => name === 'hierarchical_merges.1.net.1.weight')!;
      const [outputs, inputs] = weight.shape;
      // The first 8 of 16 channels are those of 1x.
      const onlyFirst = Float32Array.from({ length: outputs * inputs }, (_, at) => (at % inputs < 8 ? 0.1 : 0));
      writeParameter(device, session.store, 'weights', weight, onlyFirst);
    });
    expect([...mergeShares[1]]).toEqual(Array.from({ length: 2 * TEXT.length }, (_, at) => 1 - (at % 2)));
    expect(mergeShares[0][1]).toBeGreaterThan(0.1);
  });

  it('is made later where there was no memory for it at first', async () => {
    const guarded = vi.spyOn(device, 'guarded');
    onTestFinished(() => guarded.mockRestore());
    await inspectWith(tinyModel(), async (inspector) => {
      guarded.mockRejectedValueOnce(new Error('no memory'));
      await expect(inspector.inspect(TEXT, true)).rejects.toThrow('no memory');
      const { attention } = (await inspector.inspect(TEXT, true)).inspection;
      expect(attention.map(({ layer, hierarchy }) => [layer, hierarchy])).toEqual([
        [0, 0],
        [0, 1],
      ]);
    });
  });

  it('leaves out no fault of one program because another is made meanwhile', async () => {
    const own = await Gpu.open(nullGpu);
    onTestFinished(() => own.close());
    const unexpected: string[] = [];
    own.onError = (message) => unexpected.push(message);
    const config = { model: tinyModel(), batchSize: 1, accumulation: 1, seed: 1, onRecord: () => {} };
    const { model } = await TrainingSession.create(own, config);
    const createBuffer = own.device.createBuffer.bind(own.device);
    let made = 0;
    // The device has no room for one of the programs that leave a hierarchy out.
    vi.spyOn(own.device, 'createBuffer').mockImplementation((descriptor) => {
      const refused = descriptor.label === 'inference temporaries 0' && made++ === 2;
      return createBuffer(refused ? { ...descriptor, size: 2 * own.limits.maxBufferSize } : descriptor);
    });
    const inspector = new Inspector(own, model, () => 0);
    await expect(inspector.inspect(TEXT, false)).rejects.toThrow('Buffer');
    await inspector.inspect(TEXT, false);
    expect(unexpected).toEqual([]);
  });

  it('leaves out what lies past one context, and refuses an empty passage', async () => {
    const long = await inspect(tinyModel(), new TextEncoder().encode('a'.repeat(40)), false);
    expect(long.text).toHaveLength(16);
    await expect(inspect(tinyModel(), new Uint8Array(), false)).rejects.toThrow('inspect: given an empty passage');
  });
});
