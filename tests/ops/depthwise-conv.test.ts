import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { depthwiseConv } from '../../src/ops/depthwise-conv.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { gpu } from '../support/gpu.ts';
import { centralDifferences, dot } from '../support/reference/central-differences.ts';
import { referenceDepthwiseConv, type DepthwiseConvCase } from '../support/reference/depthwise-conv.ts';
import { relativeError } from '../support/relative-error.ts';
import { someNumbers } from '../support/some-numbers.ts';

const device = await Gpu.open(await gpu());

type Numbers = Float32Array<ArrayBuffer>;

async function run(of: DepthwiseConvCase, x: Numbers, weight: Numbers, bias: Numbers | null, dy: Numbers) {
  const { batch, length, channels, taps, stride } = of;
  const session = new EagerSession(device, { training: true });
  const input = session.variable([batch, length, channels], x);
  const kernel = session.variable([channels, taps], weight);
  const offset = bias && session.variable([channels], bias);
  const y = depthwiseConv({ x: input, weight: kernel, stride, ...(offset && { bias: offset }) });
  session.graph.seedGradient(y, session.constant(y.shape, dy));
  session.graph.backward();
  const outputs: Record<string, Tensor> = { y, dx: input.gradient!, dweight: kernel.gradient! };
  if (offset) outputs.dbias = offset.gradient!;
  return session.run(outputs) as Promise<Record<string, Float32Array>>;
}

describe('depthwise convolution', () => {
  test.each([
    [1, 1, 1, 1, 1, false],
    [2, 1, 3, 4, 2, true],
    [2, 9, 2, 3, 1, true],
    [3, 10, 6, 4, 3, true],
    [1, 13, 33, 2, 5, false],
    [2, 17, 5, 8, 8, true],
    [1, 351, 2, 3, 1, false],
  ])('%i of [%i, %i] with %i taps and stride %i, bias: %s', async (batch, length, channels, taps, stride, biased) => {
    const of = { batch, length, channels, taps, stride };
    const [x, weight] = [someNumbers(batch * length * channels, 1), someNumbers(channels * taps, 2)];
    const bias = biased ? someNumbers(channels, 3) : null;
    const dy = someNumbers(batch * Math.ceil(length / stride) * channels, 4);
    const result = await run(of, x, weight, bias, dy);

    const loss = (x: ArrayLike<number>, weight: ArrayLike<number>, bias: ArrayLike<number> | null) =>
      dot(referenceDepthwiseConv(of, x, weight, bias), dy);
    expect(relativeError(result.y, referenceDepthwiseConv(of, x, weight, bias))).toBeLessThan(3e-6);
    const dx = centralDifferences((at) => loss(at, weight, bias), x);
    expect(relativeError(result.dx, dx)).toBeLessThan(1e-5);
    const dweight = centralDifferences((at) => loss(x, at, bias), weight);
    expect(relativeError(result.dweight, dweight)).toBeLessThan(1e-5);
    if (bias) {
      const dbias = centralDifferences((at) => loss(x, weight, at), bias);
      expect(relativeError(result.dbias, dbias)).toBeLessThan(1e-5);
    }
  });

  test('an input and a weight that are used twice get both gradients', async () => {
    const session = new EagerSession(device, { training: true });
    const of = { batch: 1, length: 6, channels: 2, taps: 3, stride: 1 };
    const [values, taps, dy] = [someNumbers(12, 1), someNumbers(6, 2), someNumbers(12, 3)];
    const x = session.variable([1, 6, 2], values);
    const weight = session.variable([2, 3], taps);
    // Of the output of the inner one, the outer is the first to write the gradient.
    const y = depthwiseConv({ x: depthwiseConv({ x, weight, stride: 1 }), weight, stride: 1 });
    const beside = depthwiseConv({ x, weight, stride: 1 });
    for (const output of [y, beside]) session.graph.seedGradient(output, session.constant([1, 6, 2], dy));
    session.graph.backward();
    const { dx, dweight } = await session.run({ dx: x.gradient!, dweight: weight.gradient! });

    const loss = (x: ArrayLike<number>, weight: ArrayLike<number>) => {
      const inner = referenceDepthwiseConv(of, x, weight, null);
      return dot(referenceDepthwiseConv(of, inner, weight, null), dy) + dot(inner, dy);
    };
    const expectedDx = centralDifferences((at) => loss(at, taps), values);
    expect(relativeError(dx, expectedDx)).toBeLessThan(1e-5);
    const expectedDweight = centralDifferences((at) => loss(values, at), taps);
    expect(relativeError(dweight, expectedDweight)).toBeLessThan(1e-5);
  });

  test('names a weight that does not fit', () => {
    const session = new EagerSession(device);
    const x = session.constant([1, 2, 2], [1, 2, 3, 4]);
    const weight = session.constant([3, 1], [1, 2, 3]);
    expect(() => depthwiseConv({ x, weight, stride: 1 })).toThrow('depthwiseConv: given weight [3, 1], needs [2, K]');
  });
});
