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

class ConvCompressor implements Compressor {
  readonly taps: number;
  private readonly weight: Tensor;
  private readonly bias: Tensor;
  private readonly project: Linear;
  private readonly stride: number;

  constructor(store: ParameterStore, name: string, embeddingDim: number, { factor, stride, dim }: HierarchyConfig) {
    const inner = 4 * embeddingDim;
    const init = uniformInit(embeddingDim * factor);
    this.taps = factor;
    this.stride = stride;
    this.weight = store.declare({
      name: `${name}.1.conv.weight`,
      shape: [inner, factor, embeddingDim],
      fileShape: [inner, embeddingDim, factor],
      tapMajor: true,
      init,
    });
    this.bias = store.declare({ name: `${name}.1.conv.bias`, shape: [inner], init });
    this.project = new Linear(store, `${name}.3`, inner, dim, { bias: true, fileShape: [dim, inner, 1] });
  }

  apply(x: Tensor): Tensor {
    const { weight, bias, stride } = this;
    const hidden = stridedConv({ x, weight, bias, stride, activation: 'silu' }); // [B, L, 4E]
    return this.project.apply(hidden);
  }

  applyNext(recent: Tensor): Tensor {
    const { weight, bias } = this;
    // The taps of one output, side by side, are what a row of the weight holds.
    const flat = recent.graph!.reshape(weight, [weight.shape[0], recent.shape[2]]);
    return this.project.apply(linear({ x: recent, weight: flat, bias, activation: 'silu' }));
  }
}
