import stepSource from '../../shaders/norm-step.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import { defineOp, need } from '../tensor/op.ts';
import { channelsOf, formatShape, sizeOf, type Tensor } from '../tensor/tensor.ts';
import type { NormArgs } from './norm.ts';
import { checkPlace, LANES_FOR, type TokenPlace } from './token-place.ts';

/** `x` is [1, 1, C], the newest token. */
export interface NormStepArgs extends NormArgs, TokenPlace {
  /**
   * [shift, C], persistent, if there is a shift: the tokens before this one, each in row (its number) mod `shift`. The
   * newest takes the place of the oldest.
   */
  line?: Tensor;
}

/**
 * `norm` for a single token whose predecessors are remembered: [1, 1, C] -> [1, 1, C]. Tokens must come in order, from
 * position 0 on, each once. No gradient.
 */
export const normStep = defineOp({
  name: 'normStep',

  shape({ x, kind, weight, bias, shift, line, position, stride }: NormStepArgs) {
    const channels = channelsOf(x.shape);
    need(sizeOf(x.shape) === channels, 'normStep', `x ${formatShape(x.shape)}`, `[1, 1, ${channels}]`);
    for (const gain of bias ? [weight, bias] : [weight])
      need(sizeOf(gain.shape) === channels, 'normStep', `${gain.label} ${formatShape(gain.shape)}`, `[${channels}]`);
    const fits = (bias !== undefined) === (kind === 'layer');
    need(fits, 'normStep', `${kind} ${bias ? 'with' : 'without'} bias`, 'layer with or rms without');
    const lineShape = formatShape(line?.shape ?? []);
    const needed = shift === 0 ? '[]' : `[${shift}, ${channels}]`;
    need(lineShape === needed, 'normStep', `line ${lineShape}`, needed);
    checkPlace('normStep', { position, stride });
    return x.shape;
  },

  flops: ({ x, kind }) => sizeOf(x.shape) * (kind === 'layer' ? 8 : 4),

  forward(graph, { x, kind, weight, bias, shift, line, position, stride }, y) {
    const channels = channelsOf(x.shape);
    const step = kernel('norm-step', stepSource, 'norm_step', {
      overrides: { LAYER: kind === 'layer' ? 1 : 0 },
      constants: { LANES: LANES_FOR[graph.tuning.reductions] },
    });
    // A binding needs a buffer also where nothing is read.
    const bindings = { x, weight, bias: bias ?? weight, position, line: line ?? graph.temporary('unused', [1]), y };
    graph.dispatch(step, bindings, { channels, kept: Math.ceil(channels / 2), shift, stride }, [1, 1, 1]);
  },
});
