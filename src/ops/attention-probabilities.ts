import source from '../../shaders/attention-probabilities.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { formatShape, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { checkSpan, spanOf, type AttentionSpan } from './attention-span.ts';

export interface AttentionProbabilitiesArgs extends AttentionSpan {
  /** [B, T, heads], as `attention` left it for the same arguments. */
  lse: Tensor;
  /** Two u32, batch item and head: a tensor, so that one program shows any head. */
  selection: Tensor;
}

/**
 * What every query of one head gives to the keys it sees: [T, span], entry [t][i] for the key i rows, that is
 * i * dilation tokens, before t; 0 where there is none. `span` is `spanOf(T, args)`. Has no gradient.
 */
export const attentionProbabilities = defineOp({
  name: 'attentionProbabilities',

  shape(args: AttentionProbabilitiesArgs) {
    const { qkv, lse, selection, heads } = args;
    checkSpan('attentionProbabilities', args);
    const [batch, tokens] = qkv.shape;
    const needed = [batch, tokens, heads];
    need(
      sizeOf(lse.shape) === sizeOf(needed),
      'attentionProbabilities',
      `lse ${formatShape(lse.shape)}`,
      formatShape(needed),
    );
    need(
      selection.dtype === 'u32' && sizeOf(selection.shape) === 2,
      'attentionProbabilities',
      `selection ${selection.dtype} ${formatShape(selection.shape)}`,
      'u32 [2]',
    );
    return [tokens, spanOf(tokens, args)];
  },

  flops: (args) => 2 * args.dimHead * args.qkv.shape[1] * spanOf(args.qkv.shape[1], args),

  forward(graph, args, y) {
    const { qkv, table, lse, selection, heads, dimHead, dilation } = args;
    const [tokens, span] = y.shape;
    const probabilities = kernel('attention-probabilities', source, 'probabilities', {
      constants: { HEAD_WIDTH: dimHead },
    });
    const bindings = { qkv, table, lse, selection, out: y };
    graph.dispatch(probabilities, bindings, { tokens, heads, dilation, span }, grid(tokens * span, 64));
  },
});
