import cosineLossSource from '../../shaders/cosine-loss.wgsl?raw';
import { kernel, type Kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { rowSums } from '../tensor/row-sum.ts';
import { formatShape, sizeOf, type Tensor } from '../tensor/tensor.ts';

export interface CosineLossArgs {
  /** [B, L, d]. */
  prediction: Tensor;
  /** [B, L, d]; its gradient flows as well. */
  target: Tensor;
  /** Row t of the prediction meets row t + shift of the target. */
  shift: number;
  /** f32; the gradients are multiplied by `hyper[weightIndex]`, the loss is not. */
  hyper: Tensor;
  weightIndex: number;
  /** f32; `recordScale * loss` is added to `record[recordIndex]`. */
  record: Tensor;
  recordIndex: number;
  recordScale: number;
}

const WORKGROUP = 256;
const PAIRS = 16;
const GRADIENT = kernel('cosine-loss', cosineLossSource, 'row_gradient');

function compareRows({ tuning }: Graph, lanes: number): Kernel {
  const constants = { LANES: lanes, PAIRS, COMPARING: lanes * PAIRS };
  return kernel('cosine-loss', cosineLossSource, 'compare_rows', { constants, ...rowSums(tuning, lanes, ['row_sum']) });
}

function meanLoss({ tuning }: Graph): Kernel {
  return kernel('cosine-loss', cosineLossSource, 'mean_loss', rowSums(tuning, WORKGROUP, ['row_sum']));
}

/**
 * 1 - mean over b and t < L - shift of the cosine between prediction[b, t] and target[b, t + shift], as [1]. Loss and
 * gradients are 0 when no pair exists (L = shift; the reference takes the mean of nothing there).
 */
export const cosineLoss = defineOp<CosineLossArgs, Tensor>({
  name: 'cosineLoss',
  isLoss: true,

  shape({ prediction, target, shift }) {
    const given = `prediction ${formatShape(prediction.shape)}, target ${formatShape(target.shape)}`;
    const equal = formatShape(prediction.shape) === formatShape(target.shape);
    need(prediction.shape.length === 3 && equal, 'cosineLoss', given, 'both [B, L, d]');
    need(prediction.shape[1] >= shift, 'cosineLoss', given, `L of at least ${shift}`);
    return [1];
  },

  // Three products, each a multiply-add, per channel.
  flops: ({ prediction }) => 6 * sizeOf(prediction.shape),

  // Two products and a difference for each number of either side.
  backwardFlops: ({ prediction, target }) =>
    3 * sizeOf(prediction.shape) * [prediction, target].filter(({ requiresGradient }) => requiresGradient).length,

  forward(graph, { prediction, target, shift, record, recordIndex, recordScale }, y) {
    const [batch, length, channels] = prediction.shape;
    const pairs = batch * (length - shift);
    const lanes = graph.tuning.reductions === 'single' ? 1 : WORKGROUP / PAIRS;
    // At least one of each, because no binding may be empty.
    const partialCount = Math.max(1, lanes === 1 ? pairs : Math.ceil(pairs / PAIRS));
    const stats = graph.temporary('cosine and norms', [Math.max(1, pairs), 3]);
    const partials = graph.temporary('cosine partials', [partialCount]);
    const params = {
      batch,
      length,
      channels,
      shift,
      partials: partialCount,
      record_index: recordIndex,
      record_scale: recordScale,
    };
    const written = { stats_out: stats, partials_out: partials };
    const compared = { prediction, targets: target, ...written };
    graph.dispatch(compareRows(graph, lanes), compared, params, grid(Math.max(1, pairs), PAIRS));
    graph.dispatch(meanLoss(graph), { partials, loss: y, record }, params, [1, 1, 1]);
    return stats;
  },

  backward(graph, args, stats) {
    recordSide(graph, args, stats, 0);
    recordSide(graph, args, stats, 1);
  },
});

/** The gradient of the prediction (side 0) or of the target (side 1): the cosine is symmetric. */
function recordSide(graph: Graph, args: CosineLossArgs, stats: Tensor, side: 0 | 1): void {
  const { prediction, target, shift, hyper, weightIndex } = args;
  const [x, other] = side === 0 ? [prediction, target] : [target, prediction];
  const dx = graph.gradientFor(x);
  if (!dx) return;
  const [batch, length, channels] = x.shape;
  const params = { batch, length, channels, shift, side, weight_index: weightIndex, accumulate: dx.accumulate };
  const bindings = { x, other, stats, hyper, dx: dx.tensor };
  graph.dispatch(GRADIENT, bindings, params, grid(sizeOf(x.shape), WORKGROUP));
}
