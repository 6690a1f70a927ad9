import { beforeAll, describe, expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { linear } from '../../src/ops/linear.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { SMALL_GPU, TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import { relativeError } from '../support/relative-error.ts';
import { gpu } from '../support/gpu.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { PRODUCT_TUNINGS } from '../support/tunings.ts';
import { activate, activationDerivative, linearBackward, linearForward } from '../support/reference/linear.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

const SHAPES = [
  { B: 1, T: 1, K: 1, N: 1 },
  { B: 2, T: 3, K: 5, N: 7 },
  { B: 3, T: 23, K: 33, N: 65 },
  { B: 1, T: 70, K: 18, N: 130 },
  { B: 2, T: 129, K: 64, N: 9 },
  // Whole vectors of four: less than a tile, and several with a ragged rest.
  { B: 1, T: 4, K: 4, N: 4 },
  { B: 3, T: 47, K: 36, N: 132 },
  // Large enough for the largest tiles, in numbers and in vectors.
  { B: 1, T: 299, K: 115, N: 118 },
  { B: 2, T: 135, K: 124, N: 120 },
];

describe.each(PRODUCT_TUNINGS)('linear with %s kernels', (_name, tuning) => {
  it.each(SHAPES)('equals the float64 product at B=$B T=$T K=$K N=$N, forward and backward', async ({ B, T, K, N }) => {
    const rows = B * T;
    const [x, w, b] = [someNumbers(rows * K, 1), someNumbers(N * K, 2), someNumbers(N, 3)];
    const [r, dy] = [someNumbers(rows * N, 4), someNumbers(rows * N, 5)];
    const s = new EagerSession(device, { training: true, tuning });
    const args = { x: s.variable([B, T, K], x), weight: s.variable([N, K], w), bias: s.variable([N], b) };
    const residual = s.variable([B, T, N], r);
    const y = linear({ ...args, residual });
    s.graph.seedGradient(y, s.constant([B, T, N], dy));
    s.graph.backward();
    const { dx, dw, db } = linearBackward(x, w, dy, rows, K, N);
    const out = await s.run({
      y,
      dx: args.x.gradient!,
      dw: args.weight.gradient!,
      db: args.bias.gradient!,
      dr: residual.gradient!,
    });
    expect(
      relativeError(
        out.y,
        linearForward(x, w, b, rows, K, N).map((v, i) => v + r[i]),
      ),
    ).toBeLessThan(3e-6);
    expect(relativeError(out.dx, dx)).toBeLessThan(3e-6);
    expect(relativeError(out.dw, dw)).toBeLessThan(3e-6);
    expect(relativeError(out.db, db)).toBeLessThan(3e-6);
    expect(relativeError(out.dr, dy)).toBe(0);
  });

  it.each(['silu', 'gelu'] as const)('fuses %s forward and its derivative backward', async (activation) => {
    const [B, T, K, H, N] = [2, 9, 13, 21, 5];
    const rows = B * T;
    const [x, w1, w2] = [someNumbers(rows * K, 6).map((v) => 4 * v), someNumbers(H * K, 7), someNumbers(N * H, 8)];
    const dy = someNumbers(rows * N, 9);
    const s = new EagerSession(device, { training: true, tuning });
    const input = s.variable([B, T, K], x);
    const [weight1, weight2] = [s.variable([H, K], w1), s.variable([N, H], w2)];
    const hidden = linear({ x: input, weight: weight1, activation });
    const y = linear({ x: hidden, weight: weight2 });
    s.graph.seedGradient(y, s.constant([B, T, N], dy));
    s.graph.backward();
    const out = await s.run({ hidden, y, dx: input.gradient!, dw1: weight1.gradient!, dw2: weight2.gradient! });

    const pre = linearForward(x, w1, null, rows, K, H);
    const act = pre.map((v) => activate(v, activation));
    const outer = linearBackward(act, w2, dy, rows, H, N);
    const dpre = outer.dx.map((g, i) => g * activationDerivative(pre[i], activation));
    const inner = linearBackward(x, w1, dpre, rows, K, H);
    expect(relativeError(out.hidden, act)).toBeLessThan(2e-6);
    expect(relativeError(out.y, linearForward(act, w2, null, rows, H, N))).toBeLessThan(3e-6);
    expect(relativeError(out.dw2, outer.dw)).toBeLessThan(5e-6);
    expect(relativeError(out.dw1, inner.dw)).toBeLessThan(5e-6);
    expect(relativeError(out.dx, inner.dx)).toBeLessThan(5e-6);
  });

  it.each([
    [8, 6],
    [9, 8],
  ])('uses every third of %i rows of %i only, and gives the others no gradient', async (T, K) => {
    const [B, N, every] = [2, 4, 3];
    const [x, w, dy] = [someNumbers(B * T * K, 1), someNumbers(N * K, 2), someNumbers(B * 3 * N, 3)];
    const s = new EagerSession(device, { training: true, tuning });
    const input = s.variable([B, T, K], x);
    const weight = s.variable([N, K], w);
    const y = linear({ x: input, weight, every });
    s.graph.seedGradient(y, s.constant([B, 3, N], dy));
    s.graph.backward();
    const out = await s.run({ y, dx: input.gradient!, dw: weight.gradient! });
    const used = x.filter((_, i) => (Math.floor(i / K) % T) % every === 0);
    const { dx, dw } = linearBackward(used, w, dy, B * 3, K, N);
    const spread = new Float64Array(x.length);
    dx.forEach((v, i) => {
      const row = Math.floor(i / K);
      spread[(Math.floor(row / 3) * T + (row % 3) * every) * K + (i % K)] = v;
    });
    expect(relativeError(out.y, linearForward(used, w, null, B * 3, K, N))).toBeLessThan(3e-6);
    expect(relativeError(out.dx, spread)).toBeLessThan(3e-6);
    expect(relativeError(out.dw, dw)).toBeLessThan(3e-6);
  });

  it.each([
    [4, 4, true],
    [4, 4, false],
    [3, 5, true],
  ])('adds the gradients of two users of one weight, %i -> %i, inputs too: %s', async (K, N, ofInputs) => {
    const rows = 5;
    const [x1, x2, w] = [someNumbers(rows * K, 1), someNumbers(rows * K, 2), someNumbers(N * K, 3)];
    const [dy1, dy2] = [someNumbers(rows * N, 4), someNumbers(rows * N, 5)];
    const s = new EagerSession(device, { training: true, tuning });
    const [weight, bias] = [s.variable([N, K], w), s.variable([N], someNumbers(N, 6))];
    for (const [x, dy] of [
      [x1, dy1],
      [x2, dy2],
    ]) {
      const input = ofInputs ? s.variable([1, rows, K], x) : s.constant([1, rows, K], x);
      const y = linear({ x: input, weight, bias });
      s.graph.seedGradient(y, s.constant([1, rows, N], dy));
    }
    s.graph.backward();
    const out = await s.run({ dw: weight.gradient!, db: bias.gradient! });
    const [one, other] = [linearBackward(x1, w, dy1, rows, K, N), linearBackward(x2, w, dy2, rows, K, N)];
    expect(
      relativeError(
        out.dw,
        one.dw.map((v, i) => v + other.dw[i]),
      ),
    ).toBeLessThan(3e-6);
    expect(
      relativeError(
        out.db,
        one.db.map((v, i) => v + other.db[i]),
      ),
    ).toBeLessThan(3e-6);
  });

  it.each([4, 7])('adds the gradients of several users of one tensor of %i channels', async (K) => {
    const [T, N] = [5, 3];
    const [x, w1, w2] = [someNumbers(T * K, 1), someNumbers(N * K, 2), someNumbers(N * K, 3)];
    const dy = someNumbers(T * N, 4);
    const s = new EagerSession(device, { training: true, tuning });
    const root = s.variable([1, T, K], x);
    const identity = s.constant(
      [K, K],
      Float32Array.from({ length: K * K }, (_, i) => (i % (K + 1) === 0 ? 1 : 0)),
    );
    const shared = linear({ x: root, weight: identity });
    const y1 = linear({ x: shared, weight: s.constant([N, K], w1) });
    const y2 = linear({ x: shared, weight: s.constant([N, K], w2), residual: y1 });
    s.graph.seedGradient(y2, s.constant([1, T, N], dy));
    s.graph.backward();
    const out = await s.run({ dx: root.gradient! });
    const expected = linearBackward(
      x,
      w1.map((v, i) => v + w2[i]),
      dy,
      T,
      K,
      N,
    ).dx;
    expect(relativeError(out.dx, expected)).toBeLessThan(3e-6);
  });
});

it('a bias whose weight needs no gradient gets its own', async () => {
  const [rows, K, N] = [70, 3, 5];
  const dy = someNumbers(rows * N, 3);
  const s = new EagerSession(device, { training: true });
  const bias = s.variable([N], someNumbers(N, 4));
  const x = s.constant([1, rows, K], someNumbers(rows * K, 1));
  const y = linear({ x, weight: s.constant([N, K], someNumbers(N * K, 2)), bias });
  s.graph.seedGradient(y, s.constant([1, rows, N], dy));
  s.graph.backward();
  const { db } = await s.run({ db: bias.gradient! });
  const sums = Array.from({ length: N }, (_, n) => dy.reduce((sum, v, i) => (i % N === n ? sum + v : sum), 0));
  expect(relativeError(db, sums)).toBeLessThan(3e-6);
});

it('linear says which shape it was given and which it needs', () => {
  const s = new EagerSession(device);
  const x = s.constant([1, 2, 3], someNumbers(6, 1));
  expect(() => linear({ x, weight: s.constant([5, 4], someNumbers(20, 1)) })).toThrow(
    'linear: given weight [5, 4], needs [N, 3] for x [1, 2, 3]',
  );
});

it('linear equals the float64 product where a small GPU has larger tiles and fewer parts than a large one', async () => {
  const [rows, K, N] = [1024, 128, 512];
  const [x, w, b, dy] = [rows * K, N * K, N, rows * N].map((size, i) => someNumbers(size, i + 1));
  const run = async (tuning: Tuning) => {
    const s = new EagerSession(device, { training: true, tuning });
    const args = { x: s.variable([1, rows, K], x), weight: s.variable([N, K], w), bias: s.variable([N], b) };
    const y = linear(args);
    s.graph.seedGradient(y, s.constant([1, rows, N], dy));
    s.graph.backward();
    const [{ workgroups }, ...gradients] = s.graph.dispatches;
    const [rowsOfPart] = gradients.flatMap(
      ({ params: { rows_per_part, k_per_part } }) => rows_per_part ?? k_per_part ?? [],
    );
    const out = await s.run({ y, dx: args.x.gradient!, dw: args.weight.gradient!, db: args.bias.gradient! });
    return { out, tiles: workgroups[0] * workgroups[1], rowsOfPart };
  };
  const small = await run(SMALL_GPU);
  expect([small.tiles, small.rowsOfPart]).toEqual([32, 256]);
  const expected = { y: linearForward(x, w, b, rows, K, N), ...linearBackward(x, w, dy, rows, K, N) };
  for (const name of ['y', 'dx', 'dw', 'db'] as const) {
    expect(relativeError(small.out[name], expected[name]), name).toBeLessThan(3e-6);
  }
  const large = await run(TUNINGS.gpu);
  expect([large.tiles, large.rowsOfPart]).toEqual([128, 128]);
  expect(large.out.y).toEqual(small.out.y);
});
