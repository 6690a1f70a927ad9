import recentSource from '../../shaders/recent-embeddings.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { formatShape, type Tensor } from '../tensor/tensor.ts';
import { checkPlace } from './token-place.ts';

export interface RecentEmbeddingsArgs {
  /** [V, E] */
  weight: Tensor;
  /** u32 [1, T]: a text; V or more counts as V - 1. */
  ids: Tensor;
  /** u32 [1]: index of the newest token, below T. What follows it in `ids` is not read. */
  position: Tensor;
  /** How many tokens up to the newest one. */
  count: number;
}

/** Rows of a table for the newest tokens, oldest first, zeros before the beginning: [1, 1, count * E]. No gradient. */
export const recentEmbeddings = defineOp({
  name: 'recentEmbeddings',

  shape({ weight, ids, position, count }: RecentEmbeddingsArgs) {
    need(weight.shape.length === 2, 'recentEmbeddings', `weight ${formatShape(weight.shape)}`, '[V, E]');
    need(
      ids.dtype === 'u32' && ids.shape.length === 2 && ids.shape[0] === 1,
      'recentEmbeddings',
      `ids ${ids.dtype} ${formatShape(ids.shape)}`,
      'u32 [1, T]',
    );
    checkPlace('recentEmbeddings', { position, stride: 1 });
    need(Number.isInteger(count) && count > 0, 'recentEmbeddings', `count ${count}`, 'a whole number from 1 up');
    return [1, 1, count * weight.shape[1]];
  },

  flops: () => 0,

  forward(graph, { weight, ids, position, count }, y) {
    const [vocabulary, channels] = weight.shape;
    const recent = kernel('recent-embeddings', recentSource, 'recent_embeddings', { overrides: { WORKGROUP } });
    const params = { vocabulary, channels, count };
    graph.dispatch(recent, { weight, ids, position, y }, params, grid(count * channels, WORKGROUP));
  },
});

const WORKGROUP = 64;
