import { describe, expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { attentionMemoryShape, attentionStep, rememberAttention } from '../../src/ops/attention-step.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { sizeOf, type Tensor } from '../../src/tensor/tensor.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { referenceAttention, type AttentionCase } from '../support/reference/attention.ts';
import { relativeError } from '../support/relative-error.ts';
import { attentionArgs } from '../support/run-attention.ts';
import { someNumbers } from '../support/some-numbers.ts';

const device = await Gpu.open(await gpu());

type Case = Omit<AttentionCase, 'batch'> & { stride: number };

const CASES: Case[] = [
  { tokens: 1, heads: 1, dimHead: 2, window: null, dilation: 1, rotary: 'xpos', stride: 1 },
  { tokens: 19, heads: 3, dimHead: 6, window: 5, dilation: 1, rotary: 'plain', stride: 1 },
  { tokens: 31, heads: 2, dimHead: 10, window: 3, dilation: 4, rotary: 'plain', stride: 2 },
  { tokens: 23, heads: 2, dimHead: 32, window: null, dilation: 3, rotary: 'xpos', stride: 8 },
  { tokens: 5, heads: 1, dimHead: 8, window: 9, dilation: 8, rotary: 'plain', stride: 1 },
  { tokens: 11, heads: 1, dimHead: 70, window: 1, dilation: 2, rotary: 'plain', stride: 1 },
  { tokens: 3, heads: 1, dimHead: 128, window: null, dilation: 1, rotary: 'xpos', stride: 1 },
  // More keys than a tile has, with and without an end.
  { tokens: 150, heads: 1, dimHead: 8, window: null, dilation: 1, rotary: 'xpos', stride: 1 },
  { tokens: 150, heads: 1, dimHead: 8, window: 66, dilation: 1, rotary: 'plain', stride: 1 },
];

/** Outputs [T - first, H D] of a text's tokens from `first` on, one after the other; those before come all at once. */
async function runTokens(
  given: Case,
  qkv: Float32Array,
  variant: keyof typeof TUNINGS,
  first: number,
): Promise<number[]> {
  const { tokens, heads, dimHead, stride } = given;
  const shape = { ...given, batch: 1 };
  const session = new EagerSession(device, { tuning: TUNINGS[variant] });
  const { qkv: whole, ...span } = attentionArgs(session, shape, Float32Array.from(qkv));
  const memoryShape = attentionMemoryShape(tokens, span);
  // What no token has left there must not be seen.
  const memory = session.constant(memoryShape, new Float32Array(sizeOf(memoryShape)).fill(NaN));
  const width = whole.shape[2];
  const outputs: Record<string, Tensor> = {};
  const place = (t: number) => ({ position: session.constant([1], Uint32Array.of(t * stride)), stride });
  if (first > 0) rememberAttention(session.graph, { ...span, qkv: whole, memory, ...place(first - 1) });
  for (let t = first; t < tokens; t++) {
    outputs[t] = attentionStep({
      ...span,
      qkv: session.constant([1, 1, width], qkv.slice(t * width, (t + 1) * width)),
      memory,
      ...place(t),
    });
  }
  const results = await session.run(outputs);
  expect(outputs[first].shape).toEqual([1, 1, heads * dimHead]);
  return Array.from({ length: tokens - first }, (_, i) => [...results[first + i]]).flat();
}

describe.each(['software', 'gpu'] as const)('attention token by token, kernels for %s', (variant) => {
  it.each(CASES)('is that of the whole sequence in float64: %o', async (given) => {
    const { tokens, heads, dimHead } = given;
    const qkv = someNumbers(tokens * 3 * heads * dimHead, 3);
    const { y } = referenceAttention({ ...given, batch: 1 }, qkv, new Float32Array(tokens * heads * dimHead));
    for (const first of new Set([0, Math.floor(tokens / 3), tokens - 1])) {
      const expected = y.subarray(first * heads * dimHead);
      expect(relativeError(await runTokens(given, qkv, variant, first), expected)).toBeLessThan(3e-6);
    }
  });
});

describe('attentionStep', () => {
  it('remembers as many rows of each sequence as its newest one sees', () => {
    const heads = { heads: 3, dimHead: 8 };
    expect(attentionMemoryShape(30, { ...heads, window: 4, dilation: 2 })).toEqual([2, 2, 5, 3, 8]);
    expect(attentionMemoryShape(30, { ...heads, window: null, dilation: 4 })).toEqual([2, 4, 8, 3, 8]);
    expect(attentionMemoryShape(3, { ...heads, window: 9, dilation: 1 })).toEqual([2, 1, 3, 3, 8]);
  });

  it('refuses a memory of another shape', () => {
    const session = new EagerSession(device);
    const shape: AttentionCase = {
      batch: 1,
      tokens: 4,
      heads: 1,
      dimHead: 4,
      window: 2,
      dilation: 1,
      rotary: 'plain',
    };
    const { qkv: _whole, ...span } = attentionArgs(session, shape, someNumbers(48, 1));
    const memory = session.constant([2, 1, 2, 1, 4], new Float32Array(16));
    const qkv = session.constant([1, 1, 12], new Float32Array(12));
    const position = session.constant([1], Uint32Array.of(0));
    expect(() => attentionStep({ ...span, qkv, memory, position, stride: 1 })).toThrow(
      'attentionStep: given memory [2, 1, 2, 1, 4], needs [2, 1, 3, 1, 4]',
    );
  });
});
