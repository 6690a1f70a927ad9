import type { Graph } from '../tensor/graph.ts';
import { defineOp } from '../tensor/op.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { directAttention, tiledAttention, type AttentionPass } from './attention-call.ts';
import { checkSpan, visiblePairs, type AttentionSpan } from './attention-span.ts';

export interface AttentionArgs extends AttentionSpan {
  /** [B, T, heads]: where to leave the log-sum-exp of every query's scores, for who wants to look at it. */
  lse?: Tensor;
}

/**
 * Causal attention with rotary positions, scores scaled by 1 / sqrt(dimHead): [B, T, 3 H D] -> [B, T, H D]. Memory and
 * what is saved are O(T), work is O(T * window). Nothing passes between the `dilation` interleaved sequences.
 */
export const attention = defineOp({
  name: 'attention',

  shape(args: AttentionArgs) {
    checkSpan('attention', args);
    const [batch, tokens] = args.qkv.shape;
    return [batch, tokens, args.heads * args.dimHead];
  },

  flops: (args) => 2 * productFlops(args),

  // q k and p v going forward; q k again, dv, dp, dq and dk going back.
  backwardFlops: (args) => 5 * productFlops(args),

  forward(graph, args, y): Tensor {
    const { qkv, table, heads } = args;
    const lse = args.lse ?? graph.temporary('lse', [qkv.shape[0], qkv.shape[1], heads]);
    const { kernel, params, workgroups } = callOf(graph, 'forward', args, 0);
    graph.dispatch(kernel, { qkv, table, y, lse }, params, workgroups);
    return lse;
  },

  backward(graph, args, lse, y, dy) {
    const dqkv = graph.gradientFor(args.qkv);
    if (!dqkv) return;
    const { qkv, table } = args;
    const delta = graph.temporary('attention delta', lse.shape);
    const queries = callOf(graph, 'backward_queries', args, dqkv.accumulate);
    const ofQueries = { qkv, table, lse, result: y, dy, new_delta: delta, dqkv: dqkv.tensor };
    graph.dispatch(queries.kernel, ofQueries, queries.params, queries.workgroups);
    const keys = callOf(graph, 'backward_keys', args, dqkv.accumulate);
    graph.dispatch(keys.kernel, { qkv, table, lse, delta, dy, dqkv: dqkv.tensor }, keys.params, keys.workgroups);
  },
});

/** Of one product of what all queries see. */
function productFlops(args: AttentionArgs): number {
  const [batch, tokens] = args.qkv.shape;
  return 2 * args.dimHead * batch * args.heads * visiblePairs(tokens, args);
}

function callOf({ tuning }: Graph, pass: AttentionPass, args: AttentionSpan, accumulate: 0 | 1) {
  switch (tuning.attention) {
    case 'tiled':
    case 'tiled ahead':
      return tiledAttention(pass, args, accumulate, {
        ahead: tuning.attention === 'tiled ahead',
        rowsOfWideHeads: tuning.rowsOfWideHeads,
      });
    case 'direct':
    case 'quads':
      return directAttention(pass, args, accumulate, tuning.attention === 'quads');
  }
}
