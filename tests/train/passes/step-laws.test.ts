import { traceOptions } from '../../../src/train/passes/training-trace.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { memoryEstimate } from '../../../src/config/costs.ts';
import { presetConfig, presets, type PresetId } from '../../../src/config/presets.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { workOf } from '../../../src/tensor/dispatch-work.ts';
import { callsOf } from '../../../src/tensor/graph.ts';
import { planMemory } from '../../../src/tensor/plan.ts';
import { bytesOf } from '../../../src/tensor/tensor.ts';
import { SMALL_GPU, TUNINGS } from '../../../src/tensor/tuning.ts';
import type { BatchSource } from '../../../src/train/passes/input-ring.ts';
import { TrainingSession } from '../../../src/train/passes/training-session.ts';
import { countCreations } from '../../support/counting-device.ts';
import { gpu } from '../../support/gpu.ts';
import { tinyModel } from '../../support/tiny-model.ts';
import { tracePreset, traceRun } from '../../support/trace-preset.ts';

// What a step costs that no clock is needed for. The numbers are laws: a change that makes one larger must say why.

const tunings = Object.entries(TUNINGS) as [keyof typeof TUNINGS, (typeof TUNINGS)[keyof typeof TUNINGS]][];

/** Dispatches of forward, backward and update of one micro-batch. */
const DISPATCHES: Record<PresetId, Record<keyof typeof TUNINGS, [number, number, number]>> = {
  micro: { gpu: [26, 26, 3], software: [35, 50, 3] },
  quick: { gpu: [39, 42, 3], software: [53, 83, 3] },
  two: { gpu: [50, 75, 3], software: [70, 114, 3] },
  flat: { gpu: [28, 36, 3], software: [28, 43, 3] },
  readme3: { gpu: [121, 258, 3], software: [173, 295, 3] },
  readme4: { gpu: [179, 330, 3], software: [289, 501, 3] },
  train: { gpu: [129, 271, 3], software: [154, 269, 3] },
};

/** Further kernel calls when activations are recomputed, and the most MiB of temporaries without and with that. */
const RECOMPUTED: Record<PresetId, [calls: number, kept: number, recomputed: number]> = {
  micro: [14, 1.2, 1],
  quick: [28, 71, 36],
  two: [42, 116, 43],
  flat: [18, 50, 25],
  readme3: [120, 1531, 275],
  readme4: [208, 629, 163],
  train: [112, 4826, 871],
};

function plannedBytes({ accumulate }: ReturnType<typeof tracePreset>): number {
  return planMemory(accumulate, 2 ** 34).bufferBytes.reduce((a, b) => a + b);
}

describe.each(tunings)('with the kernels for %s', (name, tuning) => {
  test.each(presets.map(({ id }) => id))('a step of %s takes exactly so many dispatches', (id) => {
    const { accumulate, update } = tracePreset(id, tuning);
    const backward = accumulate.dispatches.length - accumulate.backwardStart;
    expect([accumulate.backwardStart, backward, update.dispatches.length]).toEqual(DISPATCHES[id][name]);
  });

  test('a step of quick takes at most 170 dispatches', () => {
    const { accumulate, update } = tracePreset('quick', tuning);
    expect(accumulate.dispatches.length + update.dispatches.length).toBeLessThanOrEqual(170);
  });

  const ids = presets.map(({ id }) => id);
  const storages = [false, true].flatMap((recompute) => [false, true].map((half) => ({ recompute, half })));
  test.each(ids.flatMap((id) => storages.map((storage) => ({ id, ...storage }))))(
    'the memory of $id (recompute: $recompute, half precision: $half) is less than the form says, and not much',
    ({ id, recompute, half }) => {
      const config = presetConfig(id);
      Object.assign(config.training, { recompute, halfPrecision: half });
      const { activations, workspace } = memoryEstimate(config, name === 'gpu');
      const trace = tracePreset(id, tuning, traceOptions(config.training));
      const share = plannedBytes(trace) / (activations + workspace);
      expect(share).toBeLessThan(1);
      // With fewer parts of gradients those that there are lie longer.
      const small = { ...tuning, parallelTiles: Math.min(tuning.parallelTiles, SMALL_GPU.parallelTiles) };
      const onSmall = tracePreset(id, small, traceOptions(config.training));
      expect(plannedBytes(onSmall) / (activations + workspace)).toBeLessThan(1);
      // With few activations it shows more that the workspace is an upper guess.
      expect(share).toBeGreaterThan((recompute ? 0.65 : 0.74) - (half ? 0.15 : 0));
    },
  );

  test.each([1, 2, 6])('nor is a merge into all hierarchies after each of %i layers more than it says', (depth) => {
    const config = presetConfig('two');
    Object.assign(config.model, { depth, mergeAll: true });
    Object.assign(config.training, { recompute: true });
    const { activations, workspace } = memoryEstimate(config, name === 'gpu');
    expect(plannedBytes(traceRun(config, tuning, { recompute: true }))).toBeLessThan(activations + workspace);
  });

  test.each(ids)('recomputing the activations of %s saves what it promises for so many dispatches', (id) => {
    const [kept, recomputed] = [false, true].map((recompute) => tracePreset(id, tuning, { recompute }));
    const [calls, mostKept, mostRecomputed] = RECOMPUTED[id];
    const [keptCalls, recomputedCalls] = [kept, recomputed].map(({ accumulate: { dispatches, backwardStart } }) =>
      [dispatches.slice(0, backwardStart), dispatches].map((some) => callsOf(some).length),
    );
    expect(recomputedCalls).toEqual([keptCalls[0], keptCalls[1] + calls]);
    expect(plannedBytes(kept)).toBeLessThanOrEqual(mostKept * 2 ** 20);
    expect(plannedBytes(recomputed)).toBeLessThanOrEqual(mostRecomputed * 2 ** 20);
  });

  test.each(ids)('no dispatch of %s binds more bytes of a buffer than every adapter allows', (id) => {
    const maxBindingBytes = 128 * 2 ** 20;
    const { accumulate, update } = tracePreset(id, tuning, { maxBindingBytes });
    const bytes = [...accumulate.dispatches, ...update.dispatches].flatMap(({ bindings }) =>
      Object.values(bindings).map(({ shape }) => bytesOf(shape)),
    );
    expect(Math.max(...bytes)).toBeLessThanOrEqual(maxBindingBytes);
  });

  test.each(ids)('no dispatch that calls of %s share is long', (id) => {
    const shared = tracePreset(id, tuning).accumulate.dispatches.filter((dispatch) => callsOf([dispatch]).length > 1);
    for (const dispatch of shared) expect(workOf([dispatch])).toBeLessThanOrEqual(5e9);
  });

  test.each(ids)('no dispatch of %s binds more buffers than every adapter allows', (id) => {
    const { accumulate, update } = tracePreset(id, tuning);
    const most = Math.max(
      ...[...accumulate.dispatches, ...update.dispatches].map(({ kernel }) => kernel.entry.storage.length),
    );
    expect(most).toBeLessThanOrEqual(8);
  });
});

describe('a queued step', () => {
  const HYPER = { learningRate: 1e-3, clip: 0.5, weightDecay: 0, ceWeight: 1, reconWeight: 0.1, arWeight: 0.25 };
  const letters: BatchSource = (ids, step) => ids.forEach((_, i) => (ids[i] = 97 + ((7 * i + step) % 26)));
  let device: Gpu;
  beforeAll(async () => {
    device = await Gpu.open(await gpu());
  });

  // [micro-batches of a step, submits that each is spread over, steps, submits, passes, writes]
  test.each([
    [1, 1, 1, 1, 3, 1],
    // All but the first of a submit are two passes, since nobody times them: what leads to the gradients, and the update.
    [1, 1, 16, 1, 33, 1],
    // A long micro-batch is spread over several.
    [1, 8, 1, 9, 10, 1],
    [2, 4, 3, 25, 33, 3],
    // Each micro-batch is submitted alone, so that none becomes long, and the update with its read-back after the last.
    [3, 1, 1, 4, 7, 1],
    [3, 1, 2, 7, 14, 2],
  ])(
    'of %i micro-batches over %i submits each: %i of them are %i submits of %i passes and %i writes, and create nothing',
    async (...numbers) => {
      const [accumulation, pieces, steps, submits, passes, writes] = numbers;
      const session = await TrainingSession.create(device, {
        model: tinyModel(),
        batchSize: 1,
        accumulation,
        seed: 1,
        onRecord: () => {},
      });
      session.replay.spread(pieces);
      session.replay.submit(1, letters, () => HYPER);
      await session.replay.ring.atMost(0);
      const created = countCreations(device);
      session.replay.submit(steps, letters, () => HYPER);
      const nothing = { buffers: 0, bindGroups: 0, pipelines: 0, shaderModules: 0, liveBuffers: 0 };
      expect(created).toEqual({ ...nothing, submits, writes, passes });
      await session.replay.ring.atMost(0);
      session.destroy();
    },
  );
});
