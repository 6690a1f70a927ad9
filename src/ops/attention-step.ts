import stepSource from '../../shaders/attention-step.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { formatShape, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { checkSpan, spanOf, type AttentionSpan } from './attention-span.ts';
import { checkPlace, LANES_FOR, type TokenPlace } from './token-place.ts';

export interface AttentionStepArgs extends AttentionSpan, TokenPlace {
  /** [1, 1, 3 * heads * dimHead], of the newest token; [1, T, ..] of all of them for `rememberAttention`. */
  qkv: Tensor;
  /** Factors for all rows of a whole sequence, as `attention` takes them. */
  table: Tensor;
  /** Persistent, as `attentionMemoryShape` says: keys, rotated, and values of the tokens that can still be seen. */
  memory: Tensor;
}

/** Of each of the interleaved sequences as many rows as its newest one sees, of `tokens` tokens in all. */
export function attentionMemoryShape(
  tokens: number,
  { heads, dimHead, window, dilation }: Pick<AttentionSpan, 'heads' | 'dimHead' | 'window' | 'dilation'>,
): readonly [sides: 2, phases: number, rows: number, heads: number, dimHead: number] {
  return [2, dilation, spanOf(tokens, { window, dilation }), heads, dimHead];
}

/**
 * `attention` for a single token whose predecessors are remembered: [1, 1, 3 H D] -> [1, 1, H D]. Tokens must come in
 * order, from position 0 on; work is O(window). No gradient.
 */
export const attentionStep = defineOp({
  name: 'attentionStep',

  shape(args: AttentionStepArgs) {
    const { qkv, heads, dimHead } = args;
    checkArgs('attentionStep', args);
    need(sizeOf(qkv.shape) === 3 * heads * dimHead, 'attentionStep', `qkv ${formatShape(qkv.shape)}`, 'a single token');
    return [1, 1, heads * dimHead];
  },

  // As if the window were full: how much of it is depends on the position.
  flops: ({ memory, heads, dimHead }) => 4 * dimHead * heads * memory.shape[2],

  forward(graph, args, y) {
    const { qkv, table, position, memory, heads } = args;
    const bindings = { qkv, table, position, memory, y };
    graph.dispatch(variant(graph, 'attend', args), bindings, paramsOf(args), [heads, 1, 1]);
  },
});

/** Records that `memory` takes what it would hold after all tokens of qkv [1, T, 3 H D] up to the one at `position`. */
export function rememberAttention(graph: Graph, args: AttentionStepArgs): void {
  checkArgs('rememberAttention', args);
  const { qkv, table, position, memory } = args;
  // Keys and values, and two channels at once.
  const workgroups = grid(sizeOf(memory.shape) / 4, 64);
  graph.dispatch(variant(graph, 'remember', args), { qkv, table, position, memory }, paramsOf(args), workgroups);
}

function checkArgs(op: string, args: AttentionStepArgs): void {
  const { memory, position, stride, table, heads, dimHead, window, dilation } = args;
  checkSpan(op, args);
  const tokens = table.shape[0] * dilation;
  const needed = formatShape(attentionMemoryShape(tokens, { heads, dimHead, window, dilation }));
  need(formatShape(memory.shape) === needed, op, `memory ${formatShape(memory.shape)}`, needed);
  checkPlace(op, { position, stride });
}

function variant({ tuning }: Graph, entry: 'attend' | 'remember', { dimHead }: AttentionStepArgs) {
  const LANES = LANES_FOR[tuning.reductions];
  return kernel('attention-step', stepSource, entry, { constants: { HEAD_WIDTH: dimHead, LANES } });
}

function paramsOf({ memory, heads, stride, dilation, window }: AttentionStepArgs) {
  const kept = memory.shape[2];
  return { heads, stride, dilation, window: window ?? kept, kept };
}
