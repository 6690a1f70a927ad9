import { attention } from '../../ops/attention.ts';
import { rotaryShape, rotaryTable } from '../../ops/rotary-table.ts';
import { type CaseLists, type KernelCase } from '../kernel-case.ts';
import { attentionSamples, withoutGradient } from '../sampled-attention.ts';

export const lists: CaseLists = {
  full: () => [
    ...[512, 1024, 2048, 4096, 8192, 16_384].map((tokens) => wideAttention(tokens, 64, 1)),
    ...[2048, 16_384].flatMap((tokens) => [wideAttention(tokens, 16, 1), wideAttention(tokens, 64, 8)]),
    ...[512, 1024, 2048, 4096, 8192, 16_384].map((tokens) => wideAttention(tokens, null, 1)),
    ...[2048, 16_384].map((tokens) => wideAttention(tokens, null, 8)),
  ],
  quick: () => [
    attentionCase({ batch: 2, tokens: 128, heads: 2, dimHead: 32, window: 16, dilation: 1 }),
    attentionCase({ batch: 1, tokens: 96, heads: 2, dimHead: 32, window: null, dilation: 4 }),
  ],
};

function wideAttention(tokens: number, window: number | null, dilation: number): KernelCase {
  return attentionCase({ batch: 1, tokens, heads: 8, dimHead: 64, window, dilation });
}

export interface AttentionShape {
  batch: number;
  tokens: number;
  heads: number;
  dimHead: number;
  window: number | null;
  dilation: number;
}

// Forward is two products, q k and p v; backward makes q k again and adds dv, dp, dq and dk.
const BACKWARD_PER_FORWARD = 5 / 2;

/** Causal attention with rotary positions, forward and backward. */
export function attentionCase(given: AttentionShape): KernelCase {
  const { batch, tokens, heads, dimHead, window, dilation } = given;
  const rows = Math.ceil(tokens / dilation);
  const width = heads * dimHead;
  return {
    family: 'attention',
    shape: `${batch} x ${tokens}, ${heads} x ${dimHead}, w ${window ?? 'none'}, dilation ${dilation}`,
    record(bench) {
      const qkv = bench.variable('qkv', [batch, tokens, 3 * width]);
      const table = bench.input('table', rotaryShape(rows, dimHead), () => rotaryTable(rows, dimHead, { xpos: false }));
      const y = attention({ qkv, table, heads, dimHead, window, dilation });
      const dy = bench.backward(y);
      const expected = () => {
        const numbers = { qkv: bench.values(qkv), table: bench.values(table), dy: bench.values(dy) };
        const { outputs, gradients } = attentionSamples(given, numbers);
        return [
          { output: y, samples: outputs },
          { output: qkv.gradient!, samples: gradients, unchanged: withoutGradient(given) },
        ];
      };
      const { forwardFlops } = bench.graph;
      return { flops: { forward: forwardFlops, backward: BACKWARD_PER_FORWARD * forwardFlops }, expected };
    },
  };
}
