import type { Gpu } from '../../src/gpu/device.ts';
import { attention } from '../../src/ops/attention.ts';
import { identityTable, rotaryShape, rotaryTable } from '../../src/ops/rotary-table.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { SMALL_GPU, TUNINGS } from '../../src/tensor/tuning.ts';
import type { AttentionCase } from './reference/attention.ts';

type Numbers = Float32Array<ArrayBuffer>;

/** A case's arguments of `attention` but for lse: qkv a variable with these values, and its table. */
export function attentionArgs(session: EagerSession, shape: AttentionCase, qkv: Numbers) {
  const { batch, tokens, heads, dimHead, window, dilation, rotary } = shape;
  const rows = Math.ceil(tokens / dilation);
  const table =
    rotary === 'none' ? identityTable(rows, dimHead) : rotaryTable(rows, dimHead, { xpos: rotary === 'xpos' });
  return {
    qkv: session.variable([batch, tokens, 3 * heads * dimHead], qkv),
    table: session.constant(rotaryShape(rows, dimHead), table),
    heads,
    dimHead,
    window,
    dilation,
  };
}

/** The kernels an adapter may select: those for GPUs share tiles between invocations, those for CPUs do not. */
export type AttentionVariant = keyof typeof ATTENTION_TUNINGS;

export const ATTENTION_TUNINGS = {
  ...TUNINGS,
  ahead: { ...TUNINGS.gpu, attention: 'tiled ahead' },
  small: SMALL_GPU,
  quads: { ...TUNINGS.software, attention: 'quads' },
} as const;

/** Output, log-sum-exp and gradient of qkv. */
export async function runAttention(
  device: Gpu,
  shape: AttentionCase,
  qkv: Numbers,
  dy: Numbers,
  variant: AttentionVariant,
) {
  const { batch, tokens, heads, dimHead } = shape;
  const session = new EagerSession(device, { training: true, tuning: ATTENTION_TUNINGS[variant] });
  const args = attentionArgs(session, shape, qkv);
  const lse: Tensor = session.graph.temporary('lse', [batch, tokens, heads]);
  const y = attention({ ...args, lse });
  session.graph.seedGradient(y, session.constant([batch, tokens, heads * dimHead], dy));
  session.graph.backward();
  return session.run({ y, lse, dqkv: args.qkv.gradient! });
}
