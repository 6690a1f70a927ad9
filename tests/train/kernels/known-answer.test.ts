import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_PRESET, presetConfig } from '../../../src/config/presets.ts';
import type { ModelConfig } from '../../../src/config/types.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { TUNINGS } from '../../../src/tensor/tuning.ts';
import type { KernelChoice } from '../../../src/train/kernels/kernel-check.ts';
import { answersOf, checkKnownAnswer, KNOWN_ANSWERS } from '../../../src/train/kernels/known-answer.ts';
import {
  KNOWN_BATCH,
  KNOWN_HYPER,
  KNOWN_MODEL,
  knownIds,
  partOf,
  runKnownStep,
} from '../../../src/train/kernels/known-step.ts';
import { traceSession } from '../../../src/train/passes/training-session.ts';
import { ADAM } from '../../../src/train/passes/training-trace.ts';
import { gpu } from '../../support/gpu.ts';
import { AdamReference } from '../../support/reference/adam.ts';
import { referenceLosses } from '../../support/reference/model.ts';
import { sabotage } from '../../support/sabotage.ts';

let device: Gpu;
beforeEach(async () => {
  device = await Gpu.open(await gpu());
});
afterEach(() => {
  vi.restoreAllMocks();
});

const unknown: KernelChoice = { tuning: TUNINGS.software, replaced: [], passedOver: [], wrong: [], checked: [] };

describe('the step with known results', () => {
  it('is known from float64', async () => {
    const { store, gradients, weights } = await runKnownStep(device, TUNINGS.software);
    const lossesAt = (values: Float64Array) => {
      const byName = new Map(store.parameters.map((parameter) => [parameter.name, partOf(values, parameter)]));
      return referenceLosses(KNOWN_MODEL, (name) => byName.get(name)!, knownIds(), KNOWN_BATCH);
    };
    const { ceWeight, reconWeight, arWeight } = KNOWN_HYPER;
    const total = (values: Float64Array): number => {
      const { nextByte, recon, nextEmbedding } = lossesAt(values);
      return ceWeight * nextByte + reconWeight * recon[1] + arWeight * nextEmbedding[1];
    };
    const first = Float64Array.from(weights[0]);
    /** The slope of the loss along a direction: its length where that is the gradient, and less for every other. */
    const slopeAlong = (direction: Float64Array): number => {
      const norm = Math.hypot(...direction);
      const moved = (by: number): Float64Array => first.map((value, i) => value + (by * direction[i]) / norm);
      return (total(moved(1e-4)) - total(moved(-1e-4))) / 2e-4;
    };
    const slopes = Object.keys(KNOWN_ANSWERS).flatMap((what) => {
      const [, begin] = /^gradient of (.*)$/.exec(what) ?? [];
      if (begin === undefined) return [];
      const direction = new Float64Array(gradients.length);
      for (const parameter of store.parameters) {
        if (parameter.name.split('.')[0] === begin) partOf(direction, parameter).set(partOf(gradients, parameter));
      }
      return [[what, slopeAlong(direction)] as const];
    });
    const losses = lossesAt(first);
    const adam = new AdamReference(first);
    const hasOne = Uint32Array.from({ length: first.length }).fill(3);
    adam.update(gradients, hasOne, { ...KNOWN_HYPER, ...ADAM });
    const expected: Record<string, number> = {
      'loss of the next byte': losses.nextByte,
      'loss of the reconstruction': losses.recon[1],
      'loss of the next embedding': losses.nextEmbedding[1],
      'norm of all gradients': slopeAlong(Float64Array.from(gradients)),
      ...Object.fromEntries(slopes),
      'step against the gradient': gradients.reduce((sum, slope, i) => sum + slope * (first[i] - adam.weights[i]), 0),
    };
    expect(Object.keys(expected)).toEqual(Object.keys(KNOWN_ANSWERS));
    for (const [what, value] of Object.entries(expected)) {
      expect(Math.abs(value / KNOWN_ANSWERS[what] - 1), what).toBeLessThan(1e-6);
    }
  });

  it('comes out by the kernels for GPUs', async () => {
    const found = answersOf(await runKnownStep(device, TUNINGS.gpu));
    for (const [what, value] of Object.entries(found)) {
      expect(Math.abs(value / KNOWN_ANSWERS[what] - 1), what).toBeLessThan(1e-5);
    }
  });

  it('needs hardly a pipeline that a run of the first preset does not need', () => {
    const keysOf = (model: ModelConfig, batchSize: number): Set<string> => {
      const { trace } = traceSession(device, { model, batchSize, accumulation: 1, tuning: TUNINGS.gpu });
      return new Set([trace.accumulate, trace.update].flatMap(({ dispatches }) => dispatches.map((d) => d.kernel.key)));
    };
    const { model, training } = presetConfig(DEFAULT_PRESET);
    const ofRun = keysOf(model, training.batchSize);
    const own = [...keysOf(KNOWN_MODEL, KNOWN_BATCH)].filter((key) => !ofRun.has(key));
    expect(own.length).toBeLessThanOrEqual(5);
  });

  it('is made once, leaves nothing behind, and is right here', async () => {
    const { bytesAlive } = device.counts;
    const checked = await checkKnownAnswer(device, unknown);
    expect(checked).toEqual({ ...unknown, checked: ['A training step with known results'] });
    expect(device.counts.bytesAlive).toBe(bytesAlive);
    const submit = vi.spyOn(device.device.queue, 'submit');
    expect(await checkKnownAnswer(device, checked)).toBe(checked);
    expect(submit).not.toHaveBeenCalled();
  });

  it.each([
    [
      'a sign in what products have in common',
      'return x * sigmoid(x)',
      'return -x * sigmoid(x)',
      'loss of the next byte',
    ],
    ['a sign in the update', 'weights[i] -= step', 'weights[i] += step', 'step against the gradient'],
  ])('says what is wrong: %s', async (_, text, other, what) => {
    sabotage(device, { [text]: other });
    const { wrong, tuning } = await checkKnownAnswer(device, unknown);
    expect(wrong).toEqual([
      expect.stringMatching(`^A training step with known results comes out otherwise: .*${what} `),
    ]);
    expect(tuning).toBe(unknown.tuning);
  });

  it('says where a gradient that is not finite reaches the weights', async () => {
    sabotage(device, { 'factors[0] == 0f': 'false' });
    const { wrong } = await checkKnownAnswer(device, unknown);
    expect(wrong).toEqual(['A gradient that is not finite changes the weights.']);
  });

  it('says of kernels that do not run that they do not', async () => {
    sabotage(device, { 'fn begin_update(': 'fn begin_update_not(' });
    const { wrong, passedOver } = await checkKnownAnswer(device, unknown);
    expect(wrong).toEqual([]);
    expect(passedOver).toEqual([expect.stringMatching(/^A training step with known results does not run: /)]);
  });
});
