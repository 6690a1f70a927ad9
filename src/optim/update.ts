import adamSource from '../../shaders/adam.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import { need } from '../tensor/op.ts';
import { sizeOf, type Tensor } from '../tensor/tensor.ts';
import { globalNorm, recordSquares } from './global-norm.ts';
import { HYPER } from './hyper.ts';
import { MASK_BLOCK } from './state.ts';

/** A flat run of parameters with all that belongs to it: f32, equally long, a multiple of `MASK_BLOCK`. */
export interface Segment {
  weights: Tensor;
  gradients: Tensor;
  m: Tensor;
  v: Tensor;
  /** u32, bits of `MASK` for each block. Blocks without a gradient are left alone; their gradients are zeros. */
  mask: Tensor;
}

export interface UpdateArgs {
  segments: readonly Segment[];
  /** f32, laid out by `HYPER`. */
  hyper: Tensor;
  /** u32, laid out by `OPTIMIZER_STATE`. */
  state: Tensor;
  /** f32; the losses in it are read, the gradient norm before clipping and the flag are written. */
  record: Tensor;
  options: { beta1: number; beta2: number; epsilon: number };
  /** Places in `record`; its losses are `lossCount` entries from `firstLoss` on. */
  indices: { firstLoss: number; lossCount: number; gradientNorm: number; notFinite: number };
  /** Whether the losses were scaled (`scaleLosses`), and how many updates must go well before the factor is doubled. */
  scaling?: { growth: number };
}

/** Global norm, clip, two moments, root, quotient and update. */
const FLOPS_PER_PARAMETER = 16;
const UPDATE = kernel('adam', adamSource, 'update');
const FACTORS = 5;
/** Stands for log(0) when a beta is 0: its exponential is far below the rounding of 1. */
const LEAST_LOGARITHM = -80;

/**
 * Records one update: global norm over all segments, clipping, Adam with decoupled weight decay. When the norm or a loss
 * is not finite, or was in an earlier update, nothing changes but `record` and the state's flag; with `scaling`, a norm
 * that is not finite costs this update and half of the factor.
 */
export function recordUpdate(graph: Graph, args: UpdateArgs): void {
  const { segments, hyper, state, record, options, indices, scaling } = args;
  segments.forEach(checkSegment);
  const partials = recordSquares(
    graph,
    segments.map((segment) => segment.gradients),
  );
  const factors = graph.temporary('update factors', [FACTORS]);
  const { beta1, beta2, epsilon } = options;
  const beginParams = {
    partials: sizeOf(partials.shape),
    learning_rate_index: HYPER.learningRate,
    clip_index: HYPER.clip,
    weight_decay_index: HYPER.weightDecay,
    first_loss: indices.firstLoss,
    losses: indices.lossCount,
    norm_index: indices.gradientNorm,
    flag_index: indices.notFinite,
    log_beta1: Math.max(LEAST_LOGARITHM, Math.log(beta1)),
    log_beta2: Math.max(LEAST_LOGARITHM, Math.log(beta2)),
  };
  const overrides: Record<string, number> = scaling ? { SCALED: 1, GROWTH: scaling.growth } : {};
  const begun = { partials, hyper, state, record, factors };
  graph.dispatch(globalNorm(graph, 'begin_update', overrides), begun, beginParams, [1, 1, 1]);
  // Subtracted here, in float64: 1 - 0.999 in f32 is wrong in the fifth digit.
  const betas = { beta1, one_minus_beta1: 1 - beta1, beta2, one_minus_beta2: 1 - beta2 };
  for (const { weights, gradients, m, v, mask } of segments) {
    const count = sizeOf(weights.shape) / 4;
    const bindings = { weights, gradients, m, v, blocks: mask, factors };
    graph.forwardFlops += FLOPS_PER_PARAMETER * sizeOf(weights.shape);
    graph.dispatch(UPDATE, bindings, { count, ...betas, epsilon }, grid(count, 256));
  }
}

function checkSegment({ weights, gradients, m, v, mask }: Segment): void {
  const lengths = [weights, gradients, m, v].map((tensor) => sizeOf(tensor.shape));
  const blocks = lengths[0] / MASK_BLOCK;
  const given = `weights, gradients, m, v of ${lengths.join(', ')}`;
  need(Number.isInteger(blocks) && blocks > 0, 'update', given, `multiples of ${MASK_BLOCK}`);
  need(
    lengths.every((length) => length === lengths[0]),
    'update',
    given,
    'equal lengths',
  );
  const maskLength = sizeOf(mask.shape);
  need(maskLength === blocks, 'update', `a mask of ${maskLength}`, `${blocks}, one for each ${MASK_BLOCK} parameters`);
}
