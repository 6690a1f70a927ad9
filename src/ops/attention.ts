import backwardSource from '../../shaders/attention-backward.wgsl?raw';
import deltaSource from '../../shaders/attention-delta.wgsl?raw';
import forwardSource from '../../shaders/attention.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp } from '../tensor/op.ts';
import type { Tensor } from '../tensor/tensor.ts';
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

  flops(args) {
    const [batch, tokens] = args.qkv.shape;
    return 4 * args.dimHead * batch * args.heads * visiblePairs(tokens, args);
  },

  forward(graph, args, y): Tensor {
    const { qkv, table, heads } = args;
    const lse = args.lse ?? graph.temporary('lse', [qkv.shape[0], qkv.shape[1], heads]);
    const { kernel, params, workgroups } = attentionCall('forward', args);
    graph.dispatch(kernel, { qkv, table, y, lse }, params, workgroups);
    return lse;
  },

  backward(graph, args, lse, y, dy) {
    const dqkv = graph.gradientFor(args.qkv);
    if (!dqkv) return;
    const { qkv, table, heads, dimHead } = args;
    const count = qkv.shape[0] * qkv.shape[1] * heads;
    const delta = graph.temporary('attention delta', lse.shape);
    const rowDelta = kernel('attention-delta', deltaSource, 'row_delta', { constants: { HEAD_WIDTH: dimHead } });
    graph.dispatch(rowDelta, { y, dy, delta }, { count }, grid(count, 8));
    for (const name of ['backward_queries', 'backward_keys'] as const) {
      const { kernel, params, workgroups } = attentionCall(name, args);
      const bindings = { qkv, table, lse, delta, dy, dqkv: dqkv.tensor };
      graph.dispatch(kernel, bindings, { ...params, accumulate: dqkv.accumulate }, workgroups);
    }
  },
});

type Pass = 'forward' | 'backward_queries' | 'backward_keys';

/**
 * How to call the kernel of a pass. With `countTiles` it is a variant that leaves the number of tiles each workgroup
 * visited where `lse` or gradients would be: how tests see that loops are bounded.
 */
export function attentionCall(
  pass: Pass,
  { qkv, heads, dimHead, window, dilation }: AttentionSpan,
  countTiles = false,
) {
  const [batch, tokens] = qkv.shape;
  const [file, source] = pass === 'forward' ? ['attention', forwardSource] : ['attention-backward', backwardSource];
  const rows = rowsPerInvocation(pass, dimHead);
  const blocks = Math.ceil(Math.ceil(tokens / dilation) / (8 * rows));
  return {
    kernel: kernel(file, source, pass, {
      constants: { HEAD_WIDTH: dimHead, ROWS: rows },
      ...(countTiles && { overrides: { COUNT_TILES: 1 } }),
    }),
    params: { tokens, heads, dilation, window: Math.min(window ?? tokens, tokens) },
    workgroups: [blocks * Math.min(dilation, tokens), heads, batch] as const,
  };
}

/** As many rows as keep an invocation's sums within 32 registers, or 64 where heads are wide. */
export function rowsPerInvocation(pass: Pass, dimHead: number): number {
  const registersPerRow = (pass === 'backward_keys' ? 2 : 1) * Math.ceil(dimHead / 32) * 4;
  if (registersPerRow <= 8) return 4;
  return registersPerRow <= 32 ? 2 : 1;
}
