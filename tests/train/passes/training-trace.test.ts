import { describe, expect, it, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { recordLayout } from '../../../src/model/losses.ts';
import { visiblePairs } from '../../../src/ops/attention-span.ts';
import { downloadState } from '../../../src/tensor/parameter-transfer.ts';
import { TUNINGS } from '../../../src/tensor/tuning.ts';
import { TrainingSession } from '../../../src/train/passes/training-session.ts';
import { gpu } from '../../support/gpu.ts';
import { relativeError } from '../../support/relative-error.ts';
import { tinyHierarchy, tinyModel } from '../../support/tiny-model.ts';
import { tracePreset } from '../../support/trace-preset.ts';

const { update } = tracePreset('two', TUNINGS.gpu);

function paramsOf(entry: string): Readonly<Record<string, number>> {
  return update.dispatches.find(({ kernel }) => kernel.entry.name === entry)!.params;
}

test('an update looks at every loss of its step for what is not finite, and at nothing else of the record', () => {
  const { ce, recon, ar, gradNorm, nonFinite } = recordLayout(presetConfig('two').model);
  const { first_loss: first, losses, norm_index: norm, flag_index: flag } = paramsOf('begin_update');
  const looked = Array.from({ length: losses }, (_, i) => first + i);
  expect(looked).toEqual([ce, ...recon, ...ar].filter((index) => index !== null).toSorted((a, b) => a - b));
  expect(looked.length).toBeGreaterThan(2);
  expect([norm, flag]).toEqual([gradNorm, nonFinite]);
});

test('every parameter decays by the rate times the weight decay, beside what its gradient does', async () => {
  const device = await Gpu.open(await gpu());
  const [learningRate, decay] = [3e-3, 0.5];
  const hyper = { learningRate, clip: 0.5, ceWeight: 1, reconWeight: 0.1, arWeight: 0.25 };
  const run = async (weightDecay: number) => {
    const options = { model: tinyModel(), batchSize: 2, accumulation: 1, seed: 1, onRecord: () => {} };
    const session = await TrainingSession.create(device, options);
    const weights = async () =>
      [...(await downloadState(device, session.store, 'weights')).values()].flatMap(({ data }) => [...data]);
    const first = await weights();
    const batch = (ids: Uint32Array): void => ids.forEach((_, i) => (ids[i] = 97 + ((i * i) % 26)));
    session.replay.submit(1, batch, () => ({ ...hyper, weightDecay }));
    const last = await weights();
    session.destroy();
    return { first, last };
  };
  const plain = await run(0);
  const decayed = await run(decay);

  const expected = plain.last.map((value, i) => value - learningRate * decay * plain.first[i]);
  expect(relativeError(decayed.last, plain.last)).toBeGreaterThan(1e-4);
  expect(relativeError(decayed.last, expected)).toBeLessThan(1e-6);
});

describe('FLOPs of a step', () => {
  const flopsOf = async (batchSize: number, accumulation: number, model = tinyModel()): Promise<number> => {
    const device = await Gpu.open(await gpu());
    const options = { model, batchSize, accumulation, seed: 1, onRecord: () => {} };
    const session = await TrainingSession.create(device, options);
    return session.flopsPerStep;
  };

  it('are those of all its micro-batches', async () => {
    expect(await flopsOf(2, 3)).toBe(await flopsOf(6, 1));
  });

  it('are those of seven products for each pair that attention has more: two going forward, five going back', async () => {
    const [dimHead, contextLength, batchSize] = [8, 16, 2];
    const model = (window: number) =>
      tinyModel({ contextLength, hierarchies: [tinyHierarchy(1, { dimHead, window })] });
    const pairs =
      visiblePairs(contextLength, { window: 8, dilation: 1 }) - visiblePairs(contextLength, { window: 4, dilation: 1 });
    const more = (await flopsOf(batchSize, 1, model(8))) - (await flopsOf(batchSize, 1, model(4)));
    expect(more).toBe(7 * 2 * dimHead * batchSize * pairs);
  });
});

test('an update is one of Adam with the usual numbers', () => {
  const { beta1, beta2, epsilon } = paramsOf('update');
  expect([beta1, beta2, epsilon]).toEqual([0.9, 0.999, 1e-8]);
});

test('whoever computes activations twice shares no dispatches, since what runs at once is in memory at once', () => {
  const [kept, recomputed] = [false, true].map((recompute) => tracePreset('two', TUNINGS.gpu, { recompute }));
  expect(kept.accumulate.dispatches.some(({ members }) => members)).toBe(true);
  expect(recomputed.accumulate.dispatches.some(({ members }) => members)).toBe(false);
});
