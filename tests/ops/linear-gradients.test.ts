import { beforeAll, describe, expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { linear } from '../../src/ops/linear.ts';
import { ALL_TILES } from '../../src/ops/tiles.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import type { ActivationType } from '../../src/tensor/tensor.ts';
import { everySize, TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { someNumbers } from '../support/some-numbers.ts';

// What is right about them by float64 is in linear.test.ts and model tests, which have them at once as GPUs do.

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

interface Case {
  batch?: number;
  time: number;
  channels: number;
  outputs: number;
  every?: number;
  activation?: 'silu' | 'gelu';
  bias?: boolean;
  activations?: ActivationType;
  /** How often x is used: the second time its gradient is added to. */
  users?: number;
}

/** Every gradient around a linear map whose input follows another, and the kernels that made them. */
async function gradients(tuning: Tuning, given: Case) {
  const { batch = 1, time, channels, outputs, every = 1, activation, bias = false, activations, users = 1 } = given;
  const s = new EagerSession(device, { training: true, tuning, activations });
  const input = s.activation([batch, time, channels], someNumbers(batch * time * channels, 1));
  const before = s.variable([channels, channels], someNumbers(channels ** 2, 2));
  const x = linear({ x: input, weight: before, activation });
  const weights = Array.from({ length: users }, (_, i) =>
    s.variable([outputs, channels], someNumbers(outputs * channels, 3 + i)),
  );
  const b = s.variable([outputs], someNumbers(outputs, 9));
  for (const weight of weights) {
    const y = linear({ x, weight, every, ...(bias && { bias: b }) });
    s.graph.seedGradient(
      y,
      s.activation(
        y.shape,
        someNumbers(
          y.shape.reduce((p, n) => p * n),
          7,
        ),
      ),
    );
  }
  s.graph.backward();
  const kernels = s.graph.dispatches.slice(s.graph.backwardStart).map(({ kernel }) => kernel.label);
  const named = { dinput: input.gradient!, dbefore: before.gradient!, dbias: b.gradient! };
  const dweights = Object.fromEntries(weights.map(({ gradient }, i) => [`dweight${i}`, gradient!] as const));
  return { kernels, results: await s.run({ ...named, ...dweights }) };
}

const isJoint = (label: string): boolean => label === 'linear-gradients-tiled/tiled';

async function expectTheSameBits(tuning: Tuning, given: Case): Promise<void> {
  const [joint, apart] = await Promise.all(
    [true, false].map((jointGradients) => gradients({ ...tuning, jointGradients }, given)),
  );
  expect(joint.kernels.filter(isJoint).length).toBeGreaterThan(given.users ?? 1);
  expect(apart.kernels.some(isJoint)).toBe(false);
  expect(joint.results).toEqual(apart.results);
}

describe('both gradients of a linear map at once are to the bit those made one after the other', () => {
  it.each(ALL_TILES)('in tiles of %s, with several tiles, parts and a ragged rest', (tile) =>
    expectTheSameBits(
      { ...TUNINGS.gpu, matmul: everySize(tile) },
      { time: 269, channels: 132, outputs: 140, bias: true },
    ),
  );

  it.each([
    { what: 'less than a tile', time: 3, channels: 4, outputs: 8, bias: true },
    { what: 'sums that are whole at once', time: 40, channels: 36, outputs: 20, bias: true },
    { what: 'sums that planes share', time: 270, channels: 68, outputs: 84, bias: true },
    { what: 'planes that have nothing to sum', time: 65, channels: 68, outputs: 68, bias: true },
    { what: 'no bias', time: 70, channels: 68, outputs: 72 },
    { what: 'rows that are left out', batch: 2, time: 23, channels: 12, outputs: 20, every: 3, bias: true },
    { what: 'rows that are left out and planes', batch: 2, time: 100, channels: 64, outputs: 64, every: 3 },
    { what: 'rows between those of every batch item', batch: 2, time: 24, channels: 12, outputs: 20, every: 3 },
    { what: 'behind SiLU', time: 60, channels: 36, outputs: 20, activation: 'silu' as const },
    { what: 'behind GELU', time: 70, channels: 68, outputs: 72, activation: 'gelu' as const },
    { what: 'an input with two users', time: 70, channels: 68, outputs: 72, users: 2, activation: 'silu' as const },
    { what: 'activations rounded to f16', time: 70, channels: 68, outputs: 72, activations: 'f16-rounded' as const },
  ])('with $what', (given) => expectTheSameBits(TUNINGS.gpu, given));
});

describe('gradients of a linear map are made one after the other', () => {
  it.each([
    ['where rows are no vectors of four', { time: 40, channels: 36, outputs: 21 }],
    ['where only one has few tiles', { time: 8192, channels: 36, outputs: 36 }],
    ['where one of them is large', { time: 64, channels: 1024, outputs: 2048 }],
    ['where both are', { time: 2048, channels: 1024, outputs: 1024 }],
  ])('%s', (_where, { time, channels, outputs }) => {
    const s = new EagerSession(device, { training: true, tuning: TUNINGS.gpu });
    const x = s.variable([1, time, channels], new Float32Array(time * channels));
    const weight = s.variable([outputs, channels], new Float32Array(outputs * channels));
    const y = linear({ x, weight });
    s.graph.seedGradient(y, s.graph.temporary('dy', y.shape));
    s.graph.backward();
    const labels = s.graph.dispatches.map(({ kernel }) => kernel.label);
    expect(labels.slice(0, 3)).toEqual(['matmul-tiled/tiled', 'matmul-tiled/tiled', 'weight-gradient-tiled/tiled']);
  });
});
