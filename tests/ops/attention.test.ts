import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { rowsPerInvocation, type AttentionPass } from '../../src/ops/attention-call.ts';
import { SMALL_GPU, TUNINGS } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { referenceAttention, type AttentionCase } from '../support/reference/attention.ts';
import { relativeError } from '../support/relative-error.ts';
import { runAttention, type AttentionVariant } from '../support/run-attention.ts';
import { someNumbers } from '../support/some-numbers.ts';

const device = await Gpu.open(await gpu());

function inputs({ batch, tokens, heads, dimHead }: AttentionCase, seed = 1) {
  const count = batch * tokens * heads * dimHead;
  return { qkv: someNumbers(3 * count, seed).map((value) => 2 * value), dy: someNumbers(count, seed + 1) };
}

async function expectReference(shape: AttentionCase, variant: AttentionVariant): Promise<void> {
  const { qkv, dy } = inputs(shape);
  const result = await runAttention(device, shape, qkv, dy, variant);
  const expected = referenceAttention(shape, qkv, dy);

  expect(relativeError(result.y, expected.y)).toBeLessThan(3e-6);
  expect(relativeError(result.lse, expected.lse)).toBeLessThan(3e-6);
  expect(relativeError(result.dqkv, expected.dqkv)).toBeLessThan(1e-5);
}

describe.each(['gpu', 'software', 'quads'] as const)('attention with the kernels for %s', (variant) => {
  test.each<[AttentionCase['rotary'], number, number, number, number, number | null, number]>([
    ['none', 1, 1, 1, 2, null, 1],
    ['xpos', 2, 1, 3, 6, null, 1],
    ['plain', 1, 1, 1, 32, 1, 4],
    ['none', 2, 5, 1, 2, null, 1],
    ['xpos', 2, 7, 3, 6, null, 1],
    ['plain', 1, 9, 2, 10, 1, 1],
    ['plain', 1, 3, 1, 8, 100, 1],
    ['plain', 2, 3, 2, 8, 2, 5],
    ['xpos', 1, 23, 1, 16, null, 3],
    ['plain', 2, 45, 3, 6, 5, 2],
    ['xpos', 1, 70, 2, 32, null, 1],
    ['plain', 1, 101, 1, 32, 32, 1],
    ['plain', 1, 67, 1, 32, 0, 1],
    ['xpos', 1, 65, 1, 64, null, 1],
    ['plain', 1, 97, 1, 64, 40, 1],
    ['plain', 1, 99, 2, 64, 7, 4],
    ['plain', 1, 37, 1, 66, 9, 1],
    ['xpos', 1, 41, 1, 70, null, 1],
    ['xpos', 1, 41, 1, 128, null, 1],
    ['plain', 1, 35, 1, 128, 12, 1],
  ])(
    '%s, B %i, T %i, H %i, D %i, window %s, dilation %i is the float64 one, forward and backward',
    async (...given) => {
      const [rotary, batch, tokens, heads, dimHead, window, dilation] = given;
      await expectReference({ rotary, batch, tokens, heads, dimHead, window, dilation }, variant);
    },
  );

  test.each([-1, 1])('scores of great magnitude, of sign %i, overflow nowhere', async (sign) => {
    const shape: AttentionCase = {
      batch: 1,
      tokens: 37,
      heads: 1,
      dimHead: 32,
      window: null,
      dilation: 1,
      rotary: 'none',
    };
    const { qkv, dy } = inputs(shape);
    // Channels of q near 8, those of k near 8 or -8: scores near 360 or -360, where neither exp nor its inverse is finite.
    const offsets = [8, sign * 8, 0];
    const shifted = qkv.map((value, i) => value / 16 + offsets[Math.floor(i / 32) % 3]);
    const result = await runAttention(device, shape, shifted, dy, variant);
    const expected = referenceAttention(shape, shifted, dy);

    expect(Math.abs(expected.lse[36])).toBeGreaterThan(300);
    expect(relativeError(result.lse, expected.lse)).toBeLessThan(1e-6);
    expect(relativeError(result.y, expected.y)).toBeLessThan(1e-3);
    expect(relativeError(result.dqkv, expected.dqkv)).toBeLessThan(1e-3);
  });
});

test.each([
  [40, 35, null, 1],
  [64, 97, 40, 1],
  [64, 45, 7, 4],
])('on small GPUs heads of %i channels are the float64 ones: %i tokens, window %s, dilation %i', async (...given) => {
  const [dimHead, tokens, window, dilation] = given;
  await expectReference({ rotary: 'plain', batch: 1, tokens, heads: 2, dimHead, window, dilation }, 'small');
});

test('on small GPUs an invocation has half as many rows of heads of more than 32 channels, and as many of others', () => {
  const rows = (of: 4 | 2) =>
    [16, 32, 34, 64].map((dimHead) =>
      ['forward', 'backward_queries'].map((pass) => rowsPerInvocation(pass as AttentionPass, dimHead, of)),
    );

  expect(TUNINGS.gpu.rowsOfWideHeads).toBe(4);
  expect(SMALL_GPU.rowsOfWideHeads).toBe(2);
  expect(rows(4)).toEqual([
    [4, 4],
    [4, 4],
    [4, 4],
    [4, 4],
  ]);
  expect(rows(2)).toEqual([
    [4, 4],
    [4, 4],
    [2, 2],
    [2, 2],
  ]);
});
