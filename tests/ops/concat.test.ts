import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { concat } from '../../src/ops/concat.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import type { Tuning } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { centralDifferences, dot } from '../support/reference/central-differences.ts';
import { referenceConcat, type ConcatCase } from '../support/reference/concat.ts';
import { relativeError } from '../support/relative-error.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { REDUCTION_TUNINGS } from '../support/tunings.ts';

const device = await Gpu.open(await gpu());

type Numbers = Float32Array<ArrayBuffer>;

async function run(
  shape: ConcatCase,
  values: readonly Numbers[],
  weight: Numbers | null,
  dy: Numbers,
  tuning?: Tuning,
) {
  const { batch, parts, length } = shape;
  const session = new EagerSession(device, { training: true, tuning });
  const variables = parts.map(({ rows, channels }, i) => session.variable([batch, rows, channels], values[i]));
  // A copy of each, so that concat is the first to write its gradient, over what happens to be there.
  const copies = variables.map((x) => concat({ parts: [x], strides: [1], length: x.shape[1] }));
  const gain = weight && session.variable([weight.length], weight);
  const y = concat({ parts: copies, strides: parts.map((part) => part.stride), length, ...(gain && { weight: gain }) });
  session.graph.seedGradient(y, session.constant(y.shape, dy));
  session.graph.backward();
  const outputs: Record<string, Tensor> = { y };
  variables.forEach((x, i) => {
    outputs[`dpart${i}`] = x.gradient!;
  });
  if (gain) outputs.dweight = gain.gradient!;
  return session.run(outputs) as Promise<Record<string, Float32Array>>;
}

/** Runs a case and holds it against float64: the values, and the gradients against differences. */
async function expectRight(shape: ConcatCase, normalised: boolean, scale = 1): Promise<void> {
  const { batch, parts, length } = shape;
  const channels = parts.reduce((sum, part) => sum + part.channels, 0);
  const values = parts.map((part, i) => someNumbers(batch * part.rows * part.channels, i).map((v) => v * scale));
  const weight = normalised ? someNumbers(channels, 101) : null;
  const dy = someNumbers(batch * length * channels, 102);
  const y = referenceConcat(shape, values, weight);
  const dparts = values.map((part, i) => {
    const loss = (at: ArrayLike<number>) => dot(referenceConcat(shape, values.with(i, at as Numbers), weight), dy);
    return centralDifferences(loss, part, 1e-5 * scale);
  });
  const dweight = weight && centralDifferences((at) => dot(referenceConcat(shape, values, at), dy), weight);

  for (const [, tuning] of REDUCTION_TUNINGS) {
    const result = await run(shape, values, weight, dy, tuning);
    expect(relativeError(result.y, y)).toBeLessThan(3e-6);
    dparts.forEach((dpart, i) => expect(relativeError(result[`dpart${i}`], dpart)).toBeLessThan(1e-5));
    if (dweight) expect(relativeError(result.dweight, dweight)).toBeLessThan(1e-5);
  }
}

const CASES: Record<string, ConcatCase> = {
  'one number': { batch: 1, length: 1, parts: [{ rows: 1, channels: 2, stride: 1 }] },
  'three strides with a ragged end': {
    batch: 2,
    length: 9,
    parts: [
      { rows: 9, channels: 7, stride: 1 },
      { rows: 5, channels: 2, stride: 2 },
      { rows: 3, channels: 33, stride: 4 },
    ],
  },
  'parts that go on after the end': {
    batch: 3,
    length: 4,
    parts: [
      { rows: 3, channels: 5, stride: 3 },
      { rows: 7, channels: 1, stride: 1 },
    ],
  },
  'more parts than a dispatch takes': {
    batch: 2,
    length: 8,
    parts: [1, 2, 4, 8, 1, 2, 4, 8, 1].map((stride, i) => ({ rows: 8 / stride, channels: i + 1, stride })),
  },
  'wide parts': {
    batch: 1,
    length: 2,
    parts: [
      { rows: 2, channels: 256, stride: 1 },
      { rows: 1, channels: 92, stride: 2 },
    ],
  },
};

describe('concat', () => {
  test.each(Object.keys(CASES))('%s: values and gradients', (name) => expectRight(CASES[name], false));
  test.each(Object.keys(CASES))('%s, normalised: values and gradients', (name) => expectRight(CASES[name], true));

  test('rows shorter than 1e-12 are divided by that, and so are their gradients', async () => {
    await expectRight(CASES['three strides with a ragged end'], true, 1e-13);
  });

  test('a row of zeros that nobody asks about has the gradient zero', async () => {
    const shape: ConcatCase = { batch: 1, length: 2, parts: [{ rows: 2, channels: 3, stride: 1 }] };
    const values = Float32Array.from([0, 0, 0, 1, 2, 3]);
    const result = await run(shape, [values], someNumbers(3, 1), Float32Array.from([0, 0, 0, 1, 1, 1]));
    expect(Array.from(result.dpart0.subarray(0, 3))).toEqual([0, 0, 0]);
    expect(result.dweight.every(Number.isFinite)).toBe(true);
  });

  test('adds up the gradients of many rows', async () => {
    const rows = 1500;
    await expectRight({ batch: 1, length: rows, parts: [{ rows: 3, channels: 2, stride: 500 }] }, true);
  });

  test.each([false, true])('a part that is there twice gets both gradients, normalised: %s', async (normalised) => {
    const values = someNumbers(12, 1);
    const weight = normalised ? someNumbers(6, 2) : null;
    const dy = someNumbers(24, 3);
    const session = new EagerSession(device, { training: true });
    const x = session.variable([1, 4, 3], values);
    const gain = weight && { weight: session.constant([6], weight) };
    const y = concat({ parts: [x, x], strides: [1, 2], length: 4, ...gain });
    session.graph.seedGradient(y, session.constant(y.shape, dy));
    session.graph.backward();
    const { dx } = await session.run({ dx: x.gradient! });

    const parts = [1, 2].map((stride) => ({ rows: 4, channels: 3, stride }));
    const loss = (at: ArrayLike<number>) => dot(referenceConcat({ batch: 1, length: 4, parts }, [at, at], weight), dy);
    expect(relativeError(dx, centralDifferences(loss, values))).toBeLessThan(1e-5);
  });

  test('a part that is too short is named', () => {
    const session = new EagerSession(device);
    const parts = [session.constant([1, 4, 1], [1, 2, 3, 4]), session.constant([1, 1, 1], [1])];
    expect(() => concat({ parts, strides: [1, 2], length: 4 })).toThrow(
      'concat: given parts[1] of 2 positions, needs 4 or more',
    );
  });
});
