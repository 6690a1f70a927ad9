import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { directAttention, type AttentionPass } from '../../src/ops/attention-call.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { gpu } from '../support/gpu.ts';
import type { AttentionCase } from '../support/reference/attention.ts';
import { attentionArgs, runAttention } from '../support/run-attention.ts';
import { someNumbers } from '../support/some-numbers.ts';

const device = await Gpu.open(await gpu());

const HEAD = 1;
const POISONED = [3, 158, 331];

/**
 * For each pass: what it reads of the rows that it visits and then gives a weight of zero where they are hidden, and what
 * it writes. Infinity there times that zero is NaN, so every row whose loop comes by tells on itself: with what is not
 * finite.
 */
const PASSES = [
  { pass: 'forward', reads: 'v', writes: 'y' },
  { pass: 'backward_queries', reads: 'k', writes: 'dq' },
  { pass: 'backward_keys', reads: 'q', writes: 'dk' },
] as const;
/** Rows of a block, which one invocation owns or four together. */
const WAYS = [
  { way: 'by itself', block: 4 },
  { way: 'by quads', block: 16 },
] as const;

/** First row that a block's loop visits, and the first one after. */
function reachOf(
  pass: AttentionPass,
  row: number,
  { block, rows, reach }: { block: number; rows: number; reach: number },
): [from: number, end: number] {
  const first = Math.floor(row / block) * block;
  if (pass === 'backward_keys') return [first, Math.min(first + block + reach, rows)];
  return [Math.max(0, first - reach), Math.min(first + block, rows)];
}

const CASES = WAYS.flatMap((way) => PASSES.map((pass) => ({ ...way, ...pass })));

describe.each(CASES)('$pass of attention $way visits exactly the rows in reach of a block', (named) => {
  test.each<[dimHead: number, window: number | null, dilation: number]>([
    [32, 32, 1],
    [32, null, 1],
    [6, 5, 1],
    [6, null, 3],
    [8, 7, 4],
    [16, 0, 2],
  ])('D %i, window %s, dilation %i', async (dimHead, window, dilation) => {
    const { pass, reads, writes, block } = named;
    const shape: AttentionCase = { batch: 1, tokens: 333, heads: 2, dimHead, window, dilation, rotary: 'none' };
    const { tokens, heads } = shape;
    const width = heads * dimHead;
    const qkv = someNumbers(3 * tokens * width, 7);
    const dy = someNumbers(tokens * width, 8);
    const clean = await runAttention(device, shape, qkv, dy, 'software');
    const poisoned = qkv.slice();
    for (const token of POISONED) {
      const at = ((token * 3 + 'qkv'.indexOf(reads)) * heads + HEAD) * dimHead;
      poisoned.fill(Infinity, at, at + dimHead);
    }

    const session = new EagerSession(device);
    const args = attentionArgs(session, shape, poisoned);
    const saved = (values: ArrayLike<number>, columns: number): Tensor =>
      session.constant([1, tokens, columns], Float32Array.from(values));
    const bindings: Record<string, Tensor> = { qkv: args.qkv, table: args.table };
    const written = session.graph.temporary('written', [1, tokens, pass === 'forward' ? width : 3 * width]);
    if (pass === 'forward') {
      Object.assign(bindings, { y: written, lse: session.graph.temporary('lse', [1, tokens, heads]) });
    } else {
      Object.assign(bindings, { lse: saved(clean.lse, heads), dy: saved(dy, width), dqkv: written });
      if (pass === 'backward_keys') bindings.delta = saved(new Float32Array(tokens * heads), heads);
      else {
        bindings.result = saved(clean.y, width);
        bindings.new_delta = session.graph.temporary('delta', [1, tokens, heads]);
      }
    }
    const { kernel, params, workgroups } = directAttention(pass, args, 0, block === 16);
    session.graph.dispatch(kernel, bindings, params, workgroups);
    const values = (await session.run({ written })).written;

    const parts = values.length / (tokens * width);
    const toldBy = (head: number): number[] =>
      Array.from({ length: tokens }, (_, token) => token).filter((token) => {
        const at = ((token * parts + (writes === 'dk' ? 1 : 0)) * heads + head) * dimHead;
        return values.subarray(at, at + dimHead).some((value) => !Number.isFinite(value));
      });
    const expected = Array.from({ length: tokens }, (_, token) => token).filter((token) => {
      const phase = token % dilation;
      const rows = Math.ceil((tokens - phase) / dilation);
      const [from, end] = reachOf(pass, Math.floor(token / dilation), { block, rows, reach: window ?? tokens });
      return POISONED.some((p) => p % dilation === phase && p >= phase + from * dilation && p < phase + end * dilation);
    });
    expect(toldBy(HEAD)).toEqual(expected);
    expect(toldBy(1 - HEAD)).toEqual([]);
  });
});
