import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { Inspector } from '../../../src/train/inspection/inspector.ts';
import { TrainingSession } from '../../../src/train/passes/training-session.ts';
import { gpu } from '../../support/gpu.ts';
import { initialParameters, referenceFirstAttention } from '../../support/reference/first-attention.ts';

const { model } = decodeQuery('p=micro&h=1-w4_4-wf&n=32').config;
const SEED = 7;
const TEXT = new TextEncoder().encode('the ancient Roman empire, he sai');
const OTHER = new TextEncoder().encode('Call me Ishmael.');
const BYTE = 21;

let session: TrainingSession;
let inspector: Inspector;
let step = 0;
beforeAll(async () => {
  const device = await Gpu.open(await gpu());
  session = await TrainingSession.create(device, {
    model,
    batchSize: 1,
    accumulation: 1,
    seed: SEED,
    onRecord: () => {},
  });
  inspector = new Inspector(device, session.model, () => step);
});
afterAll(async () => {
  await inspector.destroy();
  session.destroy();
});

describe('a row of attention', () => {
  it.each([
    [0, 1, 5],
    [1, 4, 8],
  ])('of hierarchy %i equals float64, each weight at its key and none beyond', async (hierarchy, dilation, span) => {
    const expected = referenceFirstAttention(model, hierarchy, initialParameters(model, SEED), TEXT)[0][BYTE];
    const row = (await inspector.row(TEXT, step, { layer: 0, hierarchy, token: BYTE }))!;

    expect(row).toHaveLength(span);
    row.forEach((weight, i) => expect(Math.abs(weight - (expected[BYTE - i * dilation] ?? 0))).toBeLessThan(1e-5));
    expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    // Weights that were all alike would agree with many a wrong reference.
    expect(Math.max(...row)).toBeGreaterThan(1.1 * Math.min(...row.filter((weight) => weight > 0)));
  });

  it('is what the inspection’s 255ths were rounded from', async () => {
    const { inspection } = await inspector.inspect(TEXT, true);
    for (const { layer, hierarchy, span, weights } of inspection.attention) {
      const row = (await inspector.row(TEXT, step, { layer, hierarchy, token: BYTE }))!;
      expect(Array.from(row, (weight) => Math.round(255 * weight))).toEqual([
        ...weights.subarray(BYTE * span, (BYTE + 1) * span),
      ]);
    }
  });

  it('stays to be had after training has gone on, until another text is inspected', async () => {
    const place = { layer: 0, hierarchy: 1, token: BYTE };
    await inspector.inspect(TEXT, true);
    const before = await inspector.row(TEXT, 0, place);
    step = 1;
    expect(await inspector.row(TEXT, 0, place)).toEqual(before);
    expect((await inspector.inspect(OTHER, true)).step).toBe(1);
    expect(await inspector.row(TEXT, 0, place)).toBeNull();
    // The same parameters still give it for the present step.
    expect(await inspector.row(TEXT, 1, place)).toEqual(before);
    step = 0;
  });

  it('is that of the whole text, also where only its beginning was inspected last', async () => {
    const place = { layer: 0, hierarchy: 1, token: BYTE };
    await inspector.inspect(TEXT, true);
    const expected = await inspector.row(TEXT, 0, place);
    await inspector.inspect(TEXT.slice(0, BYTE), true);
    expect(await inspector.row(TEXT, 0, place)).toEqual(expected);
  });

  it('is refused where there is none', async () => {
    await expect(inspector.row(TEXT, 0, { layer: 1, hierarchy: 0, token: 0 })).rejects.toThrow(
      'needs one that attends',
    );
    await expect(inspector.row(TEXT, 0, { layer: 0, hierarchy: 0, token: 32 })).rejects.toThrow('given token 32');
  });
});
