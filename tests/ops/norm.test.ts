import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { norm } from '../../src/ops/norm.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import type { Tuning } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { centralDifferences, dot } from '../support/reference/central-differences.ts';
import { referenceNorm, type NormCase } from '../support/reference/norm.ts';
import { relativeError } from '../support/relative-error.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { REDUCTION_TUNINGS } from '../support/tunings.ts';

const device = await Gpu.open(await gpu());

type Numbers = Float32Array<ArrayBuffer>;

async function run(shape: NormCase, x: Numbers, weight: Numbers, bias: Numbers, dy: Numbers, tuning?: Tuning) {
  const { kind, batch, length, channels, shift } = shape;
  const session = new EagerSession(device, { training: true, tuning });
  const input = session.variable([batch, length, channels], x);
  const gain = session.variable([channels], weight);
  const offset = session.variable([channels], bias);
  const y = norm({ x: input, kind, weight: gain, shift, ...(kind === 'layer' && { bias: offset }) });
  session.graph.seedGradient(y, session.constant([batch, length, channels], dy));
  session.graph.backward();
  return session.run({ y, dx: input.gradient!, dweight: gain.gradient!, dbias: offset.gradient! });
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(relativeError(actual, expected)).toBeLessThan(tolerance);
}

describe('norm', () => {
  test.each<[kind: 'rms' | 'layer', batch: number, length: number, channels: number, shift: number]>([
    ['rms', 1, 1, 1, 0],
    ['layer', 1, 1, 1, 0],
    ['rms', 3, 5, 2, 1],
    ['layer', 2, 9, 7, 2],
    ['rms', 2, 7, 13, 1],
    ['layer', 3, 3, 27, 1],
    ['rms', 2, 3, 33, 4],
    ['layer', 2, 3, 33, 3],
    ['rms', 2, 17, 64, 1],
    ['rms', 1, 7, 92, 2],
    ['layer', 1, 4, 256, 1],
    ['rms', 1, 2, 1000, 1],
    ['layer', 1, 1, 1000, 0],
  ])('%s of [%i, %i, %i] shifted by %i is the float64 one, and its gradients are the differences', async (...sizes) => {
    const [kind, batch, length, channels, shift] = sizes;
    const shape = { kind, batch, length, channels, shift };
    const count = batch * length * channels;
    const [x, dy] = [someNumbers(count, 1), someNumbers(count, 2)];
    const [weight, bias] = [someNumbers(channels, 3), someNumbers(channels, 4)];
    const loss = (x: ArrayLike<number>, weight: ArrayLike<number>, bias: ArrayLike<number>) =>
      dot(referenceNorm(shape, x, weight, bias), dy);
    const y = referenceNorm(shape, x, weight, bias);
    const dx = centralDifferences((at) => loss(at, weight, bias), x);
    const dweight = centralDifferences((at) => loss(x, at, bias), weight);
    const dbias = centralDifferences((at) => loss(x, weight, at), bias);

    for (const [, tuning] of REDUCTION_TUNINGS) {
      const result = await run(shape, x, weight, bias, dy, tuning);
      expectClose(result.y, y, 3e-6);
      // One channel alone is its own length: rms gives a sign, whose slope is 0.
      if (channels > 1) expectClose(result.dx, dx, 1e-5);
      else expect(Math.abs(result.dx[0])).toBeLessThan(1e-6);
      expectClose(result.dweight, dweight, 1e-5);
      expectClose(result.dbias, dbias, 1e-5);
    }
  });

  test.each(REDUCTION_TUNINGS)('gives the same bits every time with kernels for %s', async (_name, tuning) => {
    const shape: NormCase = { kind: 'layer', batch: 2, length: 33, channels: 200, shift: 1 };
    const [x, dy] = [someNumbers(2 * 33 * 200, 1), someNumbers(2 * 33 * 200, 2)];
    const again = () => run(shape, x, someNumbers(200, 3), someNumbers(200, 4), dy, tuning);
    expect(await again()).toEqual(await again());
  });

  test('the gradients of weight and bias add up many rows', async () => {
    const shape: NormCase = { kind: 'layer', batch: 3, length: 701, channels: 5, shift: 1 };
    const count = 3 * 701 * 5;
    const [x, dy] = [someNumbers(count, 1), someNumbers(count, 2)];
    const [weight, bias] = [someNumbers(5, 3), someNumbers(5, 4)];
    const result = await run(shape, x, weight, bias, dy);
    const loss = (weight: ArrayLike<number>, bias: ArrayLike<number>) => dot(referenceNorm(shape, x, weight, bias), dy);
    expectClose(
      result.dweight,
      centralDifferences((at) => loss(at, bias), weight),
      1e-5,
    );
    expectClose(
      result.dbias,
      centralDifferences((at) => loss(weight, at), bias),
      1e-5,
    );
  });

  test('overwrites garbage in a gradient that is written first, and adds to one that is there', async () => {
    const session = new EagerSession(device, { training: true });
    const x = session.variable([1, 3, 4], someNumbers(12, 1));
    const weight = session.variable([4], someNumbers(4, 2));
    const inner = norm({ x, kind: 'rms', weight, shift: 2 });
    const outer = norm({ x: inner, kind: 'rms', weight, shift: 2 });
    const dy = someNumbers(12, 3);
    session.graph.seedGradient(outer, session.constant([1, 3, 4], dy));
    session.graph.backward();
    const result = await session.run({ dx: x.gradient!, dweight: weight.gradient! });

    const shape: NormCase = { kind: 'rms', batch: 1, length: 3, channels: 4, shift: 2 };
    const loss = (x: ArrayLike<number>, weight: ArrayLike<number>) =>
      dot(referenceNorm(shape, referenceNorm(shape, x, weight, []), weight, []), dy);
    expectClose(
      result.dx,
      centralDifferences((at) => loss(at, someNumbers(4, 2)), someNumbers(12, 1)),
      1e-5,
    );
    expectClose(
      result.dweight,
      centralDifferences((at) => loss(someNumbers(12, 1), at), someNumbers(4, 2)),
      1e-5,
    );
  });

  test('an input of two norms gets both gradients', async () => {
    const session = new EagerSession(device, { training: true });
    const [values, weight] = [someNumbers(12, 1), someNumbers(4, 2)];
    const x = session.variable([1, 3, 4], values);
    const dys = [someNumbers(12, 3), someNumbers(12, 4)];
    dys.forEach((dy, shift) => {
      const y = norm({ x, kind: 'rms', weight: session.constant([4], weight), shift });
      session.graph.seedGradient(y, session.constant([1, 3, 4], dy));
    });
    session.graph.backward();
    const { dx } = await session.run({ dx: x.gradient! });
    const loss = (at: ArrayLike<number>) =>
      dys.reduce((sum, dy, shift) => {
        const shape: NormCase = { kind: 'rms', batch: 1, length: 3, channels: 4, shift };
        return sum + dot(referenceNorm(shape, at, weight, []), dy);
      }, 0);
    expectClose(dx, centralDifferences(loss, values), 1e-5);
  });

  test('a row of zeros that nobody asks about has the gradient zero', async () => {
    const shape: NormCase = { kind: 'rms', batch: 1, length: 2, channels: 6, shift: 0 };
    const x = Float32Array.from([0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6]);
    const dy = Float32Array.from([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    const result = await run(shape, x, someNumbers(6, 1), someNumbers(6, 2), dy);
    expect(Array.from(result.dx.subarray(0, 6))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(result.y.every(Number.isFinite) && result.dweight.every(Number.isFinite)).toBe(true);
  });

  test.each([5, 30, 700])(
    'a row of %i shorter than 1e-12 is divided by that, and so is its gradient',
    async (channels) => {
      const shape: NormCase = { kind: 'rms', batch: 1, length: 2, channels, shift: 0 };
      const x = someNumbers(2 * channels, 1).map((v) => (v * 1e-13) / Math.sqrt(channels));
      const [weight, dy] = [someNumbers(channels, 2), someNumbers(2 * channels, 3)];
      const loss = (x: ArrayLike<number>) => dot(referenceNorm(shape, x, weight, []), dy);
      const dx = centralDifferences(loss, x, 1e-15);
      for (const [, tuning] of REDUCTION_TUNINGS) {
        const result = await run(shape, x, weight, new Float32Array(channels), dy, tuning);
        expectClose(result.y, referenceNorm(shape, x, weight, []), 3e-6);
        expectClose(result.dx, dx, 1e-5);
      }
    },
  );

  test('names what does not fit', () => {
    const session = new EagerSession(device);
    const x = session.constant([1, 2, 4], someNumbers(8, 1));
    const weight = session.constant([3], [1, 1, 1]);
    expect(() => norm({ x, kind: 'rms', weight, shift: 0 })).toThrow('norm: given weight [3], needs [4]');
  });
});
