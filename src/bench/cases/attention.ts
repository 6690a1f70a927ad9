import { attention } from '../../ops/attention.ts';
import { rotaryShape, rotaryTable } from '../../ops/rotary-table.ts';
import { attentionShapeName, DOUBLING_ATTENTION, type AttentionShape } from '../attention-shapes.ts';
import type { CaseLists, KernelCase } from '../kernel-case.ts';
import { attentionSamples, withoutGradient } from '../sampled-attention.ts';

export const lists: CaseLists = {
  full: () => DOUBLING_ATTENTION.flat().map(attentionCase),
  quick: () => [
    attentionCase({ batch: 2, tokens: 128, heads: 2, dimHead: 32, window: 16, dilation: 1 }),
    attentionCase({ batch: 1, tokens: 96, heads: 2, dimHead: 32, window: null, dilation: 4 }),
  ],
};

/** Causal attention with rotary positions, forward and backward. */
export function attentionCase(given: AttentionShape): KernelCase {
  const { batch, tokens, heads, dimHead, window, dilation } = given;
  const rows = Math.ceil(tokens / dilation);
  const width = heads * dimHead;
  return {
    family: 'attention',
    shape: attentionShapeName(given),
    record(bench) {
      const qkv = bench.activationVariable('qkv', [batch, tokens, 3 * width]);
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
      const { forwardFlops, backwardFlops } = bench.graph;
      return { flops: { forward: forwardFlops, backward: backwardFlops }, expected };
    },
  };
}
