import { describe, expect, test } from 'vitest';
import { checkOpFile } from '../../src/cli/parity/op-file.ts';
import { passed, type Check } from '../../src/cli/parity/report.ts';
import { Gpu } from '../../src/gpu/device.ts';
import type { StoredTensor } from '../../src/protocol/safetensors.ts';
import { gpu } from '../support/gpu.ts';
import { convBackward, convForward } from '../support/reference/linear.ts';
import { someNumbers } from '../support/some-numbers.ts';

const device = await Gpu.open(await gpu());

function floats(shape: number[], values: ArrayLike<number>): StoredTensor {
  return { dtype: 'F32', shape, data: Float32Array.from(values) };
}

function integers(shape: number[], values: number[]): StoredTensor {
  return { dtype: 'I32', shape, data: Int32Array.from(values) };
}

async function check(
  family: string,
  attributes: Record<string, unknown>,
  tensors: Record<string, StoredTensor>,
): Promise<Check[]> {
  const named = new Map(Object.entries(tensors).map(([key, stored]) => [`c/${key}`, stored]));
  return checkOpFile(device, family, { cases: [{ case: 'c', ...attributes }] }, named);
}

async function errors(...args: Parameters<typeof check>): Promise<(string | undefined)[]> {
  return (await check(...args)).filter((one) => !passed(one)).map(({ error }) => error);
}

const ONES = floats([1, 2, 3], [1, 1, 1, 1, 1, 1]);

describe('a case that cannot be compared fails and says why', () => {
  const SHIFT = { x: ONES, out: floats([1, 2, 3], [1, 1, 0, 1, 1, 1]) };

  test('the file is of no known family', async () => {
    await expect(checkOpFile(device, 'ops_pooling', { cases: [] }, new Map())).rejects.toThrow(
      'is no known family of ops; known are ops_activations, ops_conv',
    );
    await expect(checkOpFile(device, 'ops_conv', { cases: [] }, new Map())).rejects.toThrow('has no cases');
  });

  test('its kind is unknown', async () => {
    expect(await errors('ops_layout', { n: 3 }, { y: ONES })).toEqual([
      expect.stringMatching(/^unknown kind of case, with tensors y and attributes n; known are token shift/),
    ]);
    expect(await errors('ops_norm', { kind: 'batch' }, { x: ONES })).toEqual([expect.stringContaining('not "batch"')]);
    expect(
      await errors(
        'ops_full_attention',
        {},
        Object.fromEntries(['q', 'k', 'v', 'dout'].map((key) => [key, floats([1, 1, 1, 2], [1, 1])])),
      ),
    ).toEqual([expect.stringContaining('known are a window, or rotary "xpos" or null')]);
    expect(await errors('ops_activations', {}, { x: ONES })).toEqual([
      expect.stringContaining('known are gelu and silu'),
    ]);
    expect(await errors('ops_conv', {}, { x: ONES, w: floats([4, 3, 1], someNumbers(12, 1)) })).toEqual([
      expect.stringContaining('known are w (out, 2, k) or (2, 1, k) for x of 2 channels'),
    ]);
  });

  test('a tensor is missing', async () => {
    expect(await errors('ops_layout', { strides: [1, 1] }, { x0: ONES, out: ONES })).toEqual([
      'the file has no tensor "c/x1"',
    ]);
  });

  test('an attribute is missing', async () => {
    expect(await errors('ops_layout', {}, { x: ONES, back: ONES })).toEqual(['axial: given undefined, needs a number']);
  });

  test('an attribute is none that the engine can have', async () => {
    expect(await errors('ops_norm', { kind: 'layer', eps: 1e-6 }, { x: ONES })).toEqual([
      'eps: given 0.000001, needs 0.00001, as the engine has it',
    ]);
  });

  test('a result has another shape', async () => {
    expect(await errors('ops_layout', {}, { ...SHIFT, out: floats([2, 1, 3], [1, 1, 0, 1, 1, 1]) })).toEqual([
      'given [1, 2, 3], needs [2, 1, 3] as in the file',
    ]);
  });

  test('a tensor is compared with nothing', async () => {
    expect(await errors('ops_layout', {}, { ...SHIFT, dx: ONES })).toEqual(['nothing is compared with dx']);
    const stray = await checkOpFile(
      device,
      'ops_layout',
      { cases: [{ case: 'c' }] },
      new Map([
        ['c/x', SHIFT.x],
        ['c/out', SHIFT.out],
        ['d/x', ONES],
      ]),
    );
    expect(stray.filter((one) => !passed(one)).map(({ what }) => what)).toEqual(['d/x']);
  });

  test('but its neighbours are compared', async () => {
    const cases = [{ case: 'a' }, { case: 'b' }];
    const tensors = new Map([
      ['a/y', ONES],
      ['b/x', SHIFT.x],
      ['b/out', SHIFT.out],
    ]);
    const checks = await checkOpFile(device, 'ops_layout', { cases }, tensors);
    expect(checks.map((one) => [one.what, passed(one)])).toEqual([
      ['a', false],
      ['b/out', true],
    ]);
  });
});

describe('cases that the recorded files do not have', () => {
  /** (rows, columns) to (columns, rows) in each of the first extent. */
  function swapped(values: ArrayLike<number>, [, rows, columns]: number[]): Float32Array<ArrayBuffer> {
    return Float32Array.from(values, (_, i) => {
      const inner = i % (rows * columns);
      return values[i - inner + (inner % rows) * columns + Math.floor(inner / rows)];
    });
  }

  test.each([
    [4, 3],
    [2, 5],
    [3, 2],
  ])('a convolution of %i taps with stride %i, which does not divide them', async (taps, stride) => {
    const shape = { batch: 2, length: 11, channels: 3, outputs: 4, taps, stride };
    const outLength = Math.ceil(11 / stride);
    const [x, w, b] = [someNumbers(66, 1), someNumbers(12 * taps, 2), someNumbers(4, 3)];
    const dy = someNumbers(8 * outLength, 4);
    const { dx, dw, db } = convBackward(x, w, dy, shape);
    const rows = (values: ArrayLike<number>) => floats([2, 3, 11], swapped(values, [2, 11, 3]));
    const outRows = (values: ArrayLike<number>) => floats([2, 4, outLength], swapped(values, [2, outLength, 4]));
    const inFile = (values: ArrayLike<number>) => floats([4, 3, taps], swapped(values, [4, taps, 3]));
    const checks = await check(
      'ops_conv',
      { stride },
      {
        x: rows(x),
        dx: rows(dx),
        w: inFile(w),
        dw: inFile(dw),
        b: floats([4], b),
        db: floats([4], db),
        out: outRows(convForward(x, w, b, shape)),
        dout: outRows(dy),
      },
    );
    expect(checks.filter((one) => !passed(one))).toEqual([]);
    expect(checks).toHaveLength(4);
  });

  test('cross entropy that ignores nothing, or a number that is no class', async () => {
    const tensors = {
      logits: floats([1, 2, 2], [0, 0, 0, 0]),
      labels: integers([1, 2], [0, -100]),
      dout: floats([], [2]),
      loss: floats([], [Math.LN2]),
      dlogits: floats([1, 2, 2], [-1, 0, 1, 0]),
    };
    const checks = await check('ops_cross_entropy', { ignore_index: -100, counted: 1 }, tensors);
    expect(checks.filter((one) => !passed(one))).toEqual([]);
  });

  test('cross entropy of nothing, where the reference has no number', async () => {
    const tensors = {
      logits: floats([1, 2, 1], [3, 4]),
      labels: integers([1, 1], [0]),
      dout: floats([], [1]),
      loss: floats([], [NaN]),
      dlogits: floats([1, 2, 1], [0, 0]),
    };
    const checks = await check('ops_cross_entropy', { ignore_index: 0, counted: 0 }, tensors);
    expect(checks.filter((one) => !passed(one))).toEqual([]);
  });

  test('rows of one channel, whose norm has no slope', async () => {
    const tensors = {
      x: floats([3, 1], [2, -0.3, 7]),
      gamma: floats([1], [3]),
      out: floats([3, 1], [3, -3, 3]),
      dout: floats([3, 1], [1, 2, -1]),
      dx: floats([3, 1], [0, 1e-8, 0]),
      dgamma: floats([1], [-2]),
    };
    expect((await check('ops_norm', { kind: 'rms' }, tensors)).filter((one) => !passed(one))).toEqual([]);
  });
});
