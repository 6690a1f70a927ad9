import { describe, expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { linear } from '../../src/ops/linear.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { gpu } from '../support/gpu.ts';
import { activate, linearForward } from '../support/reference/linear.ts';
import { relativeError } from '../support/relative-error.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { REDUCTION_TUNINGS } from '../support/tunings.ts';

const device = await Gpu.open(await gpu());

// Multiples of four and others; fewer outputs than a workgroup has, and more.
const SIZES: [inputs: number, outputs: number][] = [
  [1, 1],
  [3, 5],
  [4, 3],
  [33, 66],
  [64, 9],
  [260, 67],
];

describe.each(REDUCTION_TUNINGS)('linear of a single row with %s kernels', (_name, tuning) => {
  it.each(SIZES)('equals the float64 product, %i -> %i', async (inputs, outputs) => {
    const [x, w, b] = [someNumbers(inputs, 1), someNumbers(outputs * inputs, 2), someNumbers(outputs, 3)];
    const r = someNumbers(outputs, 4);
    const session = new EagerSession(device, { tuning });
    const args = {
      x: session.constant([1, 1, inputs], x),
      weight: session.constant([outputs, inputs], w),
    };
    const bias = session.constant([outputs], b);
    const results = await session.run({
      plain: linear(args),
      whole: linear({ ...args, bias, residual: session.constant([1, 1, outputs], r) }),
      silu: linear({ ...args, bias, activation: 'silu' }),
      gelu: linear({ ...args, activation: 'gelu' }),
    });
    const [plain, biased] = [linearForward(x, w, null, 1, inputs, outputs), linearForward(x, w, b, 1, inputs, outputs)];

    expect(session.graph.dispatches.map(({ kernel }) => kernel.label.split('/')[0])).toEqual(Array(4).fill('matvec'));
    expect(relativeError(results.plain, plain)).toBeLessThan(2e-6);
    expect(
      relativeError(
        results.whole,
        biased.map((v, i) => v + r[i]),
      ),
    ).toBeLessThan(2e-6);
    expect(
      relativeError(
        results.silu,
        biased.map((v) => activate(v, 'silu')),
      ),
    ).toBeLessThan(5e-6);
    expect(
      relativeError(
        results.gelu,
        plain.map((v) => activate(v, 'gelu')),
      ),
    ).toBeLessThan(5e-6);
  });
});
