import lossScaleSource from '../../shaders/loss-scale.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { HYPER, HYPER_LENGTH } from './hyper.ts';

/** Logarithm to the base of 2 of the factor that a run begins with. */
export const FIRST_LOSS_SCALE = 16;
/** Updates that go well with a factor before it is doubled. */
export const LOSS_SCALE_GROWTH = 1000;

const SCALE_LOSSES = kernel('loss-scale', lossScaleSource, 'scale_losses');

/**
 * Records `hyper` with the weights of the losses times the factor that `state` holds, so that gradients are large enough
 * for f16. `recordUpdate` with `scaling` takes the factor out again and adapts it.
 * @param hyper f32, laid out by `HYPER`
 * @param state u32, laid out by `OPTIMIZER_STATE`
 */
export function scaleLosses(graph: Graph, hyper: Tensor, state: Tensor): Tensor {
  const scaled = graph.temporary('hyper with scaled losses', [HYPER_LENGTH]);
  const params = { count: HYPER_LENGTH, first_weight: HYPER.ceWeight };
  graph.dispatch(SCALE_LOSSES, { hyper, state, scaled }, params, [1, 1, 1]);
  return scaled;
}
