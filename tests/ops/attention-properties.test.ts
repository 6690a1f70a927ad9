import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { rowsPerInvocation, tiledAttention } from '../../src/ops/attention-call.ts';
import { attention } from '../../src/ops/attention.ts';
import { attentionPairs } from '../../src/config/costs/rows.ts';
import { visiblePairs } from '../../src/ops/attention-span.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { ShapeError } from '../../src/tensor/op.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { gpu } from '../support/gpu.ts';
import type { AttentionCase } from '../support/reference/attention.ts';
import { relativeError } from '../support/relative-error.ts';
import { ATTENTION_TUNINGS, attentionArgs, runAttention } from '../support/run-attention.ts';
import { someNumbers } from '../support/some-numbers.ts';

const device = await Gpu.open(await gpu());

const local: AttentionCase = { batch: 2, tokens: 199, heads: 2, dimHead: 6, window: 10, dilation: 2, rotary: 'plain' };
const full: AttentionCase = { ...local, batch: 1, tokens: 75, window: null, dilation: 1, rotary: 'xpos' };
const spans = [
  ['with a window', 'gpu', local],
  ['with a window', 'software', local],
  ['with a window', 'quads', local],
  ['without a window', 'gpu', full],
  ['without a window', 'software', full],
  ['without a window', 'quads', full],
] as const;

function inputs({ batch, tokens, heads, dimHead }: AttentionCase) {
  const count = batch * tokens * heads * dimHead;
  return { qkv: someNumbers(3 * count, 7), dy: someNumbers(count, 8) };
}

/** The bits of what `keep` selects of an array (B, T, parts, H, D). */
function bits(values: Float32Array | Uint32Array, shape: AttentionCase, keep: (place: Place) => boolean): Uint32Array {
  return new Uint32Array(values.buffer).filter((_, i) => keep(placeOf(i, values.length, shape)));
}

interface Place {
  batch: number;
  token: number;
  part: number;
  head: number;
}

function placeOf(i: number, length: number, { batch, tokens, heads, dimHead }: AttentionCase): Place {
  const parts = length / (batch * tokens * heads * dimHead);
  const row = Math.floor(i / dimHead);
  return {
    head: row % heads,
    part: Math.floor(row / heads) % parts,
    token: Math.floor(row / (heads * parts)) % tokens,
    batch: Math.floor(row / (heads * parts * tokens)),
  };
}

/** The array with another value wherever `select` says. */
function replaced(x: Float32Array, shape: AttentionCase, value: number, select: (place: Place) => boolean) {
  return x.map((old, i) => (select(placeOf(i, x.length, shape)) ? value : old));
}

describe.each(spans)('attention %s, with the kernels for %s,', (_, variant, shape) => {
  test('gives the same bits twice', async () => {
    const { qkv, dy } = inputs(shape);
    const first = await runAttention(device, shape, qkv, dy, variant);
    const second = await runAttention(device, shape, qkv, dy, variant);

    for (const name of ['y', 'lse', 'dqkv'] as const) expect(second[name]).toEqual(first[name]);
  });

  test('sees no later token, and no gradient reaches a later one', async () => {
    const { qkv, dy } = inputs(shape);
    const before = await runAttention(device, shape, qkv, dy, variant);
    for (const from of [1, 37, shape.tokens - 1]) {
      const future = replaced(qkv, shape, 3, ({ token }) => token >= from);
      const past = replaced(dy, shape, 3, ({ token }) => token < from);
      const changedFuture = await runAttention(device, shape, future, dy, variant);
      const changedPast = await runAttention(device, shape, qkv, past, variant);

      const earlier = ({ token }: Place) => token < from;
      const later = ({ token }: Place) => token >= from;
      expect(bits(changedFuture.y, shape, earlier)).toEqual(bits(before.y, shape, earlier));
      expect(bits(changedFuture.y, shape, later)).not.toEqual(bits(before.y, shape, later));
      expect(bits(changedPast.dqkv, shape, later)).toEqual(bits(before.dqkv, shape, later));
      expect(bits(changedPast.dqkv, shape, earlier)).not.toEqual(bits(before.dqkv, shape, earlier));
    }
  });
});

// A row where a block of every kernel begins.
const FIRST = 32;
const tiled = 8 * rowsPerInvocation('backward_keys', local.dimHead);
const blocks = { gpu: tiled, ahead: tiled, software: 4, quads: 16 } as const;

describe.each(['gpu', 'ahead', 'software', 'quads'] as const)(
  'attention with the kernels for %s reads nothing that a block of rows does not see',
  (variant) => {
    const { tokens, dilation } = local;
    const block = blocks[variant];
    const window = local.window!;
    /** Whether a place belongs to the second item's second head, and there to these rows of the odd tokens. */
    const rowsFrom =
      (first: number, end: number) =>
      ({ batch, head, token }: Place) => {
        const row = Math.floor(token / dilation);
        return batch === 1 && head === 1 && token % dilation === 1 && row >= first && row < end;
      };

    test('queries: NaN before their windows, after them and in other sequences stays there', async () => {
      const mine = rowsFrom(FIRST, FIRST + block);
      const seen = rowsFrom(FIRST - window, FIRST + block);
      const { qkv, dy } = inputs(local);
      const clean = await runAttention(device, local, qkv, dy, variant);
      const poisoned = await runAttention(
        device,
        local,
        replaced(qkv, local, NaN, (place) => !seen(place)),
        replaced(dy, local, NaN, (place) => !mine(place)),
        variant,
      );

      expect(bits(poisoned.y, local, mine)).toEqual(bits(clean.y, local, mine));
      const ofQueries = (place: Place) => mine(place) && place.part === 0;
      expect(bits(poisoned.dqkv, local, ofQueries)).toEqual(bits(clean.dqkv, local, ofQueries));
      const others = (place: Place) => !seen(place);
      expect(bits(poisoned.y, local, others)).not.toEqual(bits(clean.y, local, others));
    });

    test('keys: NaN in queries that do not see them and in other sequences stays there', async () => {
      const mine = rowsFrom(FIRST, FIRST + block);
      const seeing = rowsFrom(FIRST, FIRST + block + window);
      const sequence = rowsFrom(0, tokens);
      const { qkv, dy } = inputs(local);
      const clean = await runAttention(device, local, qkv, dy, variant);
      const poisoned = await runAttention(
        device,
        local,
        replaced(qkv, local, NaN, (place) => !(place.part === 0 ? seeing(place) : sequence(place))),
        replaced(dy, local, NaN, (place) => !seeing(place)),
        variant,
      );

      const ofKeys = (place: Place) => mine(place) && place.part > 0;
      expect(bits(poisoned.dqkv, local, ofKeys)).toEqual(bits(clean.dqkv, local, ofKeys));
      expect(bits(poisoned.dqkv, local, (place) => !mine(place))).not.toEqual(
        bits(clean.dqkv, local, (place) => !mine(place)),
      );
    });
  },
);

describe.each(['gpu', 'software', 'quads'] as const)('with the kernels for %s', (variant) => {
  test.each<[number, number | null, number]>([
    [1, null, 1],
    [7, null, 8],
    [45, 0, 2],
  ])('%i tokens, window %s, dilation %i: queries that see themselves alone learn nothing', async (...given) => {
    const [tokens, window, dilation] = given;
    const shape: AttentionCase = { batch: 2, tokens, heads: 3, dimHead: 22, window, dilation, rotary: 'xpos' };
    const { qkv, dy } = inputs(shape);
    const { dqkv } = await runAttention(device, shape, qkv, dy, variant);

    const zeros = new Float32Array((dqkv.length / 3) * 2);
    expect(dqkv.filter((_, i) => placeOf(i, dqkv.length, shape).part < 2).map(Math.abs)).toEqual(zeros);
    const dv = dqkv.filter((_, i) => placeOf(i, dqkv.length, shape).part === 2);
    expect(relativeError(dv, dy)).toBeLessThan(1e-6);
  });
});

describe.each([
  ['visits', false],
  ['that reads ahead begins to load', true],
] as const)('attention %s exactly the tiles that a block of rows needs', (_, ahead) => {
  test.each<[dimHead: number, window: number | null, dilation: number]>([
    [32, 32, 1],
    [32, null, 1],
    [64, 5, 1],
    [64, null, 3],
    [6, 40, 4],
    [128, 100, 2],
  ])('D %i, window %s, dilation %i', async (dimHead, window, dilation) => {
    const shape: AttentionCase = { batch: 1, tokens: 333, heads: 2, dimHead, window, dilation, rotary: 'none' };
    const { tokens, heads } = shape;
    const session = new EagerSession(device);
    const { qkv, dy } = inputs(shape);
    const args = attentionArgs(session, shape, qkv);
    const lse = session.graph.temporary('tiles', [1, tokens, heads]);
    const y = session.graph.temporary('y', [1, tokens, heads * dimHead]);
    const dqkv = session.constant(args.qkv.shape, new Float32Array(qkv.length));
    const delta = session.graph.temporary('delta', lse.shape);
    const forward = tiledAttention('forward', args, 0, { ahead, countTiles: true });
    const { qkv: x, table } = args;
    session.graph.dispatch(forward.kernel, { qkv: x, table, y, lse }, forward.params, forward.workgroups);
    const upstream = session.constant(y.shape, dy);
    for (const pass of ['backward_queries', 'backward_keys'] as const) {
      const { kernel, params, workgroups } = tiledAttention(pass, args, 0, { ahead, countTiles: true });
      const bindings: Record<string, Tensor> = { qkv: x, table, lse, dy: upstream, dqkv };
      if (pass === 'backward_queries') Object.assign(bindings, { result: y, new_delta: delta });
      else bindings.delta = delta;
      session.graph.dispatch(kernel, bindings, params, workgroups);
    }
    const counts = await session.run({ lse, dqkv });

    const expected = { forward: [] as number[], queries: [] as number[], keys: [] as number[] };
    const reach = window ?? tokens;
    for (let t = 0; t < tokens; t++) {
      const rows = Math.ceil((tokens - (t % dilation)) / dilation);
      const before = (pass: 'forward' | 'backward_queries') => {
        const block = 8 * rowsPerInvocation(pass, dimHead);
        const start = Math.floor(Math.floor(t / dilation) / block) * block;
        return Math.ceil((Math.min(start + block, rows) - Math.max(0, start - reach)) / 32);
      };
      const block = 8 * rowsPerInvocation('backward_keys', dimHead);
      const start = Math.floor(Math.floor(t / dilation) / block) * block;
      expected.forward.push(before('forward'));
      expected.queries.push(before('backward_queries'));
      expected.keys.push(Math.ceil((Math.min(start + block + reach, rows) - start) / 32));
    }
    const width = heads * dimHead;
    const column = (offset: number) => expected.keys.map((_, t) => counts.dqkv[t * 3 * width + offset]);
    expect(expected.forward.map((_, t) => counts.lse[t * heads + 1])).toEqual(expected.forward);
    expect(column(0)).toEqual(expected.queries);
    expect(column(width)).toEqual(expected.keys);
    expect(column(3 * width - 1)).toEqual(expected.keys);
  });
});

test.each<[dimHead: number, tokens: number, window: number | null, dilation: number]>([
  [2, 1, null, 1],
  [10, 70, 40, 2],
  [32, 67, null, 1],
  [32, 101, 33, 1],
  [64, 97, 40, 1],
  [70, 41, null, 3],
  [128, 35, 12, 1],
])('to read tiles ahead changes no bit: D %i, T %i, window %s, dilation %i', async (...given) => {
  const [dimHead, tokens, window, dilation] = given;
  const shape: AttentionCase = { batch: 2, tokens, heads: 2, dimHead, window, dilation, rotary: 'xpos' };
  const { qkv, dy } = inputs(shape);

  expect(await runAttention(device, shape, qkv, dy, 'ahead')).toEqual(
    await runAttention(device, shape, qkv, dy, 'gpu'),
  );
});

test.each(['gpu', 'software', 'quads'] as const)(
  'attention for %s adds to a gradient that is there, overwrites what is none',
  async (variant) => {
    const { qkv, dy } = inputs(full);
    const once = await runAttention(device, full, qkv, dy, variant);
    const session = new EagerSession(device, { training: true, tuning: ATTENTION_TUNINGS[variant] });
    const args = attentionArgs(session, full, qkv);
    const input = { ...args.qkv, gradient: null };
    for (let use = 0; use < 2; use++) {
      const y = attention({ ...args, qkv: input });
      session.graph.seedGradient(y, session.constant(y.shape, dy));
    }
    session.graph.backward();
    const twice = await session.run({ dqkv: session.graph.gradientFor(input)!.tensor });

    expect(twice.dqkv).toEqual(once.dqkv.map((value) => 2 * value));
  },
);

test('attention counts the pairs that see each other, and the form before a run counts the same', () => {
  for (const [tokens, window, dilation] of [
    [1, null, 1],
    [17, 3, 1],
    [17, null, 4],
    [5, 2, 9],
    [64, 100, 3],
  ] as const) {
    let pairs = 0;
    for (let t = 0; t < tokens; t++) {
      for (let u = t; u >= 0 && t - u <= (window ?? tokens) * dilation; u -= dilation) pairs++;
    }
    expect(visiblePairs(tokens, { window, dilation })).toBe(pairs);
    expect(attentionPairs(tokens, dilation, window)).toBe(pairs);
  }
});

test('attention says what it was given and what it needs', () => {
  const session = new EagerSession(device);
  const args = attentionArgs(session, full, inputs(full).qkv);

  expect(() => attention({ ...args, heads: 3 })).toThrow('attention: given qkv [1, 75, 36], needs [B, T, 54]');
  expect(() => attention({ ...args, dimHead: 7 })).toThrow(
    'attention: given dimHead 7, needs an even number from 2 to 128',
  );
  expect(() => attention({ ...args, dimHead: 130 })).toThrow('given dimHead 130, needs an even number from 2 to 128');
  expect(() => attention({ ...args, dilation: 0 })).toThrow(ShapeError);
  expect(() => attention({ ...args, window: -1 })).toThrow(ShapeError);
  expect(() => attention({ ...args, table: session.constant([74, 2, 2, 4], new Float32Array(74 * 16)) })).toThrow(
    'attention: given table [74, 2, 2, 4], needs [75 or more, 2, 2, 4]',
  );
});
