import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { readGolden, type Golden } from '../support/golden.ts';
import { gpu } from '../support/gpu.ts';
import type { AttentionCase } from '../support/reference/attention.ts';
import { relativeError } from '../support/relative-error.ts';
import { runAttention, type AttentionVariant } from '../support/run-attention.ts';

const device = await Gpu.open(await gpu());

interface GoldenCase {
  case: string;
  dim_head: number;
  window?: number;
  rotary?: 'xpos' | null;
}

const local = await readGolden<{ cases: GoldenCase[] }>('ops_local_attention');
const full = await readGolden<{ cases: GoldenCase[] }>('ops_full_attention');

/** Arrays (B, H, T, D) side by side as one of (B, T, all heads of the first, of the second, ...). */
function pack(golden: Golden<unknown>, names: string[]): Float32Array<ArrayBuffer> {
  const [batch, heads, tokens, dimHead] = golden.shape(names[0]);
  const packed = new Float32Array(names.length * batch * tokens * heads * dimHead);
  names.forEach((name, part) => {
    golden.floats(name).forEach((value, i) => {
      const channel = i % dimHead;
      const t = Math.floor(i / dimHead) % tokens;
      const h = Math.floor(i / (dimHead * tokens)) % heads;
      const b = Math.floor(i / (dimHead * tokens * heads));
      packed[(((b * tokens + t) * names.length + part) * heads + h) * dimHead + channel] = value;
    });
  });
  return packed;
}

async function check(golden: Golden<unknown>, one: GoldenCase, variant: AttentionVariant): Promise<void> {
  const { case: name, window, rotary } = one;
  const [batch, heads, tokens, dimHead] = golden.shape(`${name}/q`);
  const turning = window === undefined ? (rotary ?? 'none') : 'plain';
  const shape: AttentionCase = { batch, heads, tokens, dimHead, window: window ?? null, dilation: 1, rotary: turning };
  const qkv = pack(golden, [`${name}/q`, `${name}/k`, `${name}/v`]);
  const result = await runAttention(device, shape, qkv, pack(golden, [`${name}/dout`]), variant);

  expect(relativeError(result.y, pack(golden, [`${name}/out`]))).toBeLessThan(3e-5);
  const gradients = ['dq', 'dk', 'dv'].map((part) => pack(golden, [`${name}/${part}`]));
  const width = heads * dimHead;
  gradients.forEach((expected, part) => {
    const actual = result.dqkv.filter((_, i) => Math.floor(i / width) % 3 === part);
    expect(relativeError(actual, expected)).toBeLessThan(1e-4);
  });
}

describe.each(['gpu', 'software', 'quads'] as const)('with the kernels for %s', (variant) => {
  test.each(local.attributes.cases)('local attention $case, window $window, is the reference', (one) =>
    check(local, one, variant),
  );

  test.each(full.attributes.cases)('full attention $case is the reference', (one) => check(full, one, variant));
});
