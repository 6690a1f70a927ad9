import { expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { attentionProbabilities } from '../../src/ops/attention-probabilities.ts';
import { attention } from '../../src/ops/attention.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { gpu } from '../support/gpu.ts';
import { referenceAttention, type AttentionCase } from '../support/reference/attention.ts';
import { relativeError } from '../support/relative-error.ts';
import { attentionArgs } from '../support/run-attention.ts';
import { someNumbers } from '../support/some-numbers.ts';

const device = await Gpu.open(await gpu());

const cases: AttentionCase[] = [
  { batch: 2, tokens: 41, heads: 3, dimHead: 6, window: 5, dilation: 2, rotary: 'plain' },
  { batch: 2, tokens: 19, heads: 2, dimHead: 10, window: null, dilation: 3, rotary: 'xpos' },
  { batch: 1, tokens: 50, heads: 2, dimHead: 32, window: null, dilation: 1, rotary: 'xpos' },
  { batch: 1, tokens: 3, heads: 1, dimHead: 8, window: 9, dilation: 4, rotary: 'none' },
];

/** Probabilities of the last batch item and head, banded as the op gives them, with y of all heads. */
async function lookInto(shape: AttentionCase, values: Float32Array<ArrayBuffer>) {
  const session = new EagerSession(device);
  const { batch, tokens, heads } = shape;
  const args = attentionArgs(session, shape, values);
  const lse = session.graph.temporary('lse', [batch, tokens, heads]);
  const y = attention({ ...args, lse });
  const selection = session.constant([2], new Uint32Array([batch - 1, heads - 1]));
  const probabilities = attentionProbabilities({ ...args, lse, selection });
  return { ...(await session.run({ y, probabilities })), span: probabilities.shape[1] };
}

test.each(cases)('probabilities are those of the definition and, times v, the output: %o', async (shape) => {
  const { batch, tokens, heads, dimHead, dilation } = shape;
  const width = heads * dimHead;
  const qkv = someNumbers(batch * tokens * 3 * width, 4);
  const { y, probabilities, span } = await lookInto(shape, qkv);
  const dy = new Float32Array(batch * tokens * width);
  const expected = referenceAttention(shape, qkv, dy).probabilities[batch - 1][heads - 1];

  const band = expected.flatMap((line, t) => Array.from({ length: span }, (_, i) => line[t - i * dilation] ?? 0));
  expect(relativeError(probabilities, band)).toBeLessThan(3e-6);

  const first = (batch - 1) * tokens;
  const sums: number[] = [];
  const fused: number[] = [];
  for (let t = 0; t < tokens; t++) {
    for (let channel = width - dimHead; channel < width; channel++) {
      let sum = 0;
      for (let i = 0; i < span && t >= i * dilation; i++) {
        sum += probabilities[t * span + i] * qkv[(first + t - i * dilation) * 3 * width + 2 * width + channel];
      }
      sums.push(sum);
      fused.push(y[(first + t) * width + channel]);
    }
  }
  expect(relativeError(fused, sums)).toBeLessThan(3e-6);
});
