import embeddingSource from '../../shaders/embedding.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { formatShape, rowsOf, type Tensor } from '../tensor/tensor.ts';
import { laneParams, ROW_WORKGROUP, rowGroups, rowLanes } from './row-lanes.ts';

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

  // Every row is added to the one of its id.
  backwardFlops: ({ weight, ids, length }) => ids.shape[0] * length * weight.shape[1],

  forward(graph, args, y) {
    const { weight, ids } = args;
    const lanes = rowLanes(graph.tuning, weight.shape[1]);
    graph.dispatch(
      EMBEDDING,
      { weight, ids, y },
      { ...paramsOf(args), ...laneParams(lanes) },
      rowGroups(rowsOf(y.shape), lanes),
    );
  },

  backward(graph, args, _saved, _y, dy) {
    const { weight, ids } = args;
    const target = graph.gradientFor(weight);
    if (!target) return;
    const [vocabulary, channels] = weight.shape;
    const { findPositions, idsPerGroup, sumRows, channelsPerGroup } = BACKWARD[graph.tuning.reductions];
    const positions = graph.temporary('embedding positions', [rowsOf(dy.shape)], { dtype: 'u32' });
    const starts = graph.temporary('embedding starts', [vocabulary + 1], { dtype: 'u32' });
    const found = { ids, new_positions: positions, new_starts: starts };
    graph.dispatch(findPositions, found, paramsOf(args), grid(vocabulary, idsPerGroup));
    const params = { ...paramsOf(args), accumulate: target.accumulate };
    const workgroups = grid(vocabulary * Math.ceil(channels / channelsPerGroup), 1);
    graph.dispatch(sumRows, { dy, positions, starts, dweight: target.tensor }, params, workgroups);
  },
});

function paramsOf({ weight, ids, length }: EmbeddingArgs) {
  const [vocabulary, channels] = weight.shape;
  const [batch, pitch] = ids.shape;
  return { batch, length, pitch, vocabulary, channels, ...laneParams(1), accumulate: 0 };
}

const EMBEDDING = kernel('embedding', embeddingSource, 'embedding', { overrides: { WORKGROUP: ROW_WORKGROUP } });
/** In English a sixth of all bytes is a blank: many slices, but runs of channels no shorter than what memory gives at once. */
const SHARED = backwardKernels({ LANES: 256, IDS: 1, CHANNELS: 16, SLICES: 16 });
const SINGLE = backwardKernels({ LANES: 1, IDS: 16, CHANNELS: 16, SLICES: 1 });
const BACKWARD = { shared: SHARED, subgroup: SHARED, single: SINGLE };

function backwardKernels(overrides: Record<'LANES' | 'IDS' | 'CHANNELS' | 'SLICES', number>) {
  return {
    findPositions: kernel('embedding', embeddingSource, 'embedding_positions', { overrides }),
    idsPerGroup: overrides.IDS,
    sumRows: kernel('embedding', embeddingSource, 'embedding_dweight', { overrides }),
    channelsPerGroup: overrides.CHANNELS,
  };
}
