import type { HierarchyConfig } from '../config/types.ts';
import { uniformInit } from '../nn/init.ts';
import { Linear } from '../nn/linear.ts';
import { linear } from '../ops/linear.ts';
import { stridedConv } from '../ops/strided-conv.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Turns byte embeddings [B, n, E] into the tokens of one hierarchy [B, ceil(n / stride), dim]. */
export interface Compressor {
  apply(x: Tensor): Tensor;
  /** How many embeddings a token is made from: its own byte's and those before it. */
  readonly taps: number;
  /** The token [1, 1, dim] that is made from the last `taps` embeddings, [1, 1, taps * E]. */
  applyNext(recent: Tensor): Tensor;
}

/** The reference's compressor: nothing, a projection, or convolution - SiLU - projection. */
export function makeCompressor(
  store: ParameterStore,
  name: string,
  embeddingDim: number,
  hierarchy: HierarchyConfig,
): Compressor {
  const { factor, dim } = hierarchy;
  if (factor > 1) return new ConvCompressor(store, `${name}.compress_fn`, embeddingDim, hierarchy);
  if (dim === embeddingDim) return bytewise((x) => x);
  const project = new Linear(store, `${name}.compress_fn`, embeddingDim, dim);
  return bytewise((x) => project.apply(x));
}

function bytewise(apply: (x: Tensor) => Tensor): Compressor {
  return { apply, taps: 1, applyNext: apply };
}

/** Some of the hidden channels between convolution and projection, with the weights on both sides of them. */
interface HiddenSlice {
  /** [channels, factor, E] */
  weight: Tensor;
  /** [channels] */
  bias: Tensor;
  /** [dim, channels] */
  project: Tensor;
}

class ConvCompressor implements Compressor {
  readonly taps: number;
  private readonly slices: HiddenSlice[];
  private readonly projectBias: Tensor;
  private readonly stride: number;

  constructor(store: ParameterStore, name: string, embeddingDim: number, { factor, stride, dim }: HierarchyConfig) {
    const inner = 4 * embeddingDim;
    const init = uniformInit(embeddingDim * factor);
    const projectInit = uniformInit(inner);
    this.taps = factor;
    this.stride = stride;
    // No other weight is as large: one that no binding could hold is cut, and the model stays the same.
    this.slices = store.rowBlocks([inner, factor, embeddingDim]).map((channels) => ({
      weight: store.declare({
        name: `${name}.1.conv.weight`,
        shape: [channels, factor, embeddingDim],
        fileShape: [channels, embeddingDim, factor],
        tapMajor: true,
        init,
      }),
      bias: store.declare({ name: `${name}.1.conv.bias`, shape: [channels], init }),
      project: store.declare({
        name: `${name}.3.weight`,
        shape: [dim, channels],
        fileShape: [dim, channels, 1],
        blocks: 'columns',
        init: projectInit,
      }),
    }));
    this.projectBias = store.declare({ name: `${name}.3.bias`, shape: [dim], init: projectInit });
  }

  apply(x: Tensor): Tensor {
    const { stride } = this;
    return this.project(({ weight, bias }) => stridedConv({ x, weight, bias, stride, activation: 'silu' }));
  }

  applyNext(recent: Tensor): Tensor {
    return this.project(({ weight, bias }) => {
      // The taps of one output, side by side, are what a row of the weight holds.
      const flat = recent.graph!.reshape(weight, [weight.shape[0], recent.shape[2]]);
      return linear({ x: recent, weight: flat, bias, activation: 'silu' });
    });
  }

  /** Adds up what the slices contribute, each by its hidden channels [B, L, channels]. */
  private project(hiddenOf: (slice: HiddenSlice) => Tensor): Tensor {
    const { slices, projectBias } = this;
    const apply = (slice: HiddenSlice, more: { bias?: Tensor; residual?: Tensor }): Tensor =>
      linear({ x: hiddenOf(slice), weight: slice.project, ...more });
    return slices
      .slice(1)
      .reduce((sum, slice) => apply(slice, { residual: sum }), apply(slices[0], { bias: projectBias }));
  }
}
