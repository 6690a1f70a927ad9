import embeddingSource from '../../shaders/embedding.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { formatShape, sizeOf, type Tensor } from '../tensor/tensor.ts';

export interface EmbeddingArgs {
  /** [V, E] */
  weight: Tensor;
  /** u32 [B, pitch], of which the first `length` of each sequence are looked up; V or more counts as V - 1. */
  ids: Tensor;
  length: number;
}

/** Rows of a table by id: [B, length, E]. */
export const embedding = defineOp({
  name: 'embedding',

  shape({ weight, ids, length }: EmbeddingArgs) {
    need(weight.shape.length === 2, 'embedding', `weight ${formatShape(weight.shape)}`, '[V, E]');
    need(
      ids.dtype === 'u32' && ids.shape.length === 2,
      'embedding',
      `ids ${ids.dtype} ${formatShape(ids.shape)}`,
      'u32 [B, pitch]',
    );
    const isWithin = Number.isInteger(length) && length > 0 && length <= ids.shape[1];
    need(isWithin, 'embedding', `length ${length}`, `1 to ${ids.shape[1]}`);
    return [ids.shape[0], length, weight.shape[1]];
  },

  flops: () => 0,

  forward(graph, args, y) {
    const { weight, ids } = args;
    graph.dispatch(EMBEDDING, { weight, ids, y }, paramsOf(args, 0), grid(sizeOf(y.shape), WORKGROUP));
  },

  backward(graph, args, _saved, _y, dy) {
    const { weight, ids } = args;
    const target = graph.gradientFor(weight);
    if (!target) return;
    const [vocabulary, channels] = weight.shape;
    const workgroups = grid(vocabulary * Math.ceil(channels / CHANNELS), 1);
    const bindings = { ids, dy, dweight: target.tensor };
    graph.dispatch(EMBEDDING_DWEIGHT, bindings, paramsOf(args, target.accumulate), workgroups);
  },
});

function paramsOf({ weight, ids, length }: EmbeddingArgs, accumulate: 0 | 1) {
  const [vocabulary, channels] = weight.shape;
  const [batch, pitch] = ids.shape;
  return { batch, length, pitch, vocabulary, channels, accumulate };
}

const WORKGROUP = 64;
/** Channels of a workgroup in the backward pass. */
const CHANNELS = 32;
const EMBEDDING = kernel('embedding', embeddingSource, 'embedding', { overrides: { WORKGROUP } });
const EMBEDDING_DWEIGHT = kernel('embedding', embeddingSource, 'embedding_dweight', { constants: { CHANNELS } });
