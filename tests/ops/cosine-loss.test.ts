import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { cosineLoss } from '../../src/ops/cosine-loss.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import type { Tuning } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { cosineLossReference } from '../support/reference/cosine-loss.ts';
import { relativeError } from '../support/relative-error.ts';
import { REDUCTION_TUNINGS } from '../support/tunings.ts';

const device = Gpu.open(await gpu());

type Numbers = Float32Array<ArrayBuffer>;

interface Run {
  shape: readonly number[];
  shift: number;
  prediction: Numbers;
  target: Numbers;
  weight?: number;
}

async function runWith(tuning: Tuning, { shape, shift, prediction, target, weight = 1 }: Run) {
  const session = new EagerSession(await device, { training: true, tuning });
  // Temporaries, so that the gradients' memory holds whatever it held before.
  const p = { ...session.variable(shape, prediction), gradient: null };
  const h = { ...session.variable(shape, target), gradient: null };
  const record = session.constant([2], [5, 7]);
  const hyper = session.constant([2], [NaN, weight]);
  const where = { hyper, weightIndex: 1, record, recordIndex: 1, recordScale: 0.5 };
  const loss = cosineLoss({ prediction: p, target: h, shift, ...where });
  session.graph.backward();
  const [dPrediction, dTarget] = [p, h].map((tensor) => session.graph.gradientFor(tensor)!.tensor);
  return session.run({ loss, record, dPrediction, dTarget });
}

function values(count: number, phase: number): Numbers {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898 + phase) * 2 + Math.cos(i * 0.37 + phase));
}

function withNumbers(shape: readonly number[], shift: number): Run {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return { shape, shift, prediction: values(count, 1), target: values(count, 2) };
}

const SHAPES: [number, number, number, number][] = [
  [1, 1, 2, 0],
  [1, 2, 3, 1],
  [2, 5, 16, 1],
  [3, 17, 33, 1],
  [2, 16, 7, 0],
  [1, 9, 700, 1],
  [5, 101, 2, 1],
  [2, 9, 16, 4],
];

describe.each(REDUCTION_TUNINGS)('cosine loss with the kernels for %s', (_name, tuning) => {
  const run = (given: Run) => runWith(tuning, given);

  test.each(SHAPES)('[%i, %i, %i], shift %i: loss and both gradients agree with float64', async (b, l, d, shift) => {
    const given = withNumbers([b, l, d], shift);
    const expected = cosineLossReference(given.shape, shift, given.prediction, given.target);
    const result = await run({ ...given, weight: 0.25 });

    expect(Math.abs(result.loss[0] - expected.loss)).toBeLessThan(1e-6);
    expect(Math.abs(result.record[1] - 7 - expected.loss / 2)).toBeLessThan(1e-6);
    for (const side of ['dPrediction', 'dTarget'] as const) {
      const slopes = expected[side].map((slope) => slope / 4);
      expect(relativeError(result[side], slopes)).toBeLessThan(1e-5);
    }
  });

  test('of one channel is a matter of signs, without a slope', async () => {
    const given = withNumbers([2, 9, 1], 1);
    const expected = cosineLossReference(given.shape, 1, given.prediction, given.target);
    const result = await run(given);

    expect(Math.abs(result.loss[0] - expected.loss)).toBeLessThan(1e-6);
    expect(relativeError(result.dPrediction, new Float32Array(18))).toBeLessThan(1e-6);
    expect(relativeError(result.dTarget, new Float32Array(18))).toBeLessThan(1e-6);
  });

  test('without a pair, loss and gradients are zero', async () => {
    const result = await run(withNumbers([3, 1, 8], 1));

    expect([...result.loss]).toEqual([0]);
    expect([...result.record]).toEqual([5, 7]);
    expect(result.dPrediction).toEqual(new Float32Array(24));
    expect(result.dTarget).toEqual(new Float32Array(24));
  });

  test('rows of norm zero and below the epsilon follow the clamp of the norm', async () => {
    const given = withNumbers([1, 3, 4], 1);
    given.prediction.fill(0, 0, 4);
    given.target.set([1e-14, -2e-14, 0, 3e-14], 8);
    const expected = cosineLossReference(given.shape, 1, given.prediction, given.target);
    const result = await run(given);

    expect(Math.abs(result.loss[0] - expected.loss)).toBeLessThan(1e-6);
    expect(relativeError(result.dPrediction, expected.dPrediction)).toBeLessThan(1e-5);
    expect(relativeError(result.dTarget, expected.dTarget)).toBeLessThan(1e-5);
  });

  test('adds its gradients to those that are there already, also of one tensor on both sides', async () => {
    const session = new EagerSession(await device, { training: true, tuning });
    const shape = [2, 6, 5];
    const numbers = values(60, 3);
    const x = session.variable(shape, numbers);
    const hyper = session.constant([1], [2]);
    const where = { hyper, weightIndex: 0, record: session.constant([1], [0]), recordIndex: 0, recordScale: 1 };
    cosineLoss({ prediction: x, target: x, shift: 1, ...where });
    cosineLoss({ prediction: x, target: x, shift: 1, ...where });
    session.graph.backward();
    const { dx } = await session.run({ dx: x.gradient! });

    const expected = cosineLossReference(shape, 1, numbers, numbers);
    const slopes = expected.dPrediction.map((slope, i) => 4 * (slope + expected.dTarget[i]));
    expect(relativeError(dx, slopes)).toBeLessThan(1e-5);
  });

  test('a target that needs no gradient takes nothing from that of the prediction', async () => {
    const session = new EagerSession(await device, { training: true, tuning });
    const given = withNumbers([1, 4, 3], 1);
    const prediction = session.variable([1, 4, 3], given.prediction);
    const target = session.constant([1, 4, 3], given.target);
    const where = { hyper: session.constant([1], [1]), weightIndex: 0, recordIndex: 0, recordScale: 1 };
    cosineLoss({ prediction, target, shift: 1, record: session.constant([1], [0]), ...where });
    session.graph.backward();
    const { dx } = await session.run({ dx: prediction.gradient! });

    const expected = cosineLossReference([1, 4, 3], 1, given.prediction, given.target);
    expect(relativeError(dx, expected.dPrediction)).toBeLessThan(1e-5);
  });

  test('gives the same bits every time', async () => {
    const given = withNumbers([3, 40, 37], 1);
    expect(await run(given)).toEqual(await run(given));
  });

  test('tensors of different shapes are refused', async () => {
    const session = new EagerSession(await device);
    const where = { hyper: session.constant([1], [1]), weightIndex: 0, recordIndex: 0, recordScale: 1 };
    const prediction = session.constant([1, 2, 2], values(4, 0));
    const target = session.constant([1, 2, 3], values(6, 0));
    expect(() => cosineLoss({ prediction, target, shift: 1, record: session.constant([1], [0]), ...where })).toThrow(
      'cosineLoss: given prediction [1, 2, 2], target [1, 2, 3], needs both [B, L, d]',
    );
  });
});
