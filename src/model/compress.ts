import type { HierarchyConfig } from '../config/types.ts';
import { uniformInit } from '../nn/init.ts';
import { Linear } from '../nn/linear.ts';
import { stridedConv } from '../ops/strided-conv.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Turns byte embeddings [B, n, E] into the tokens of one hierarchy [B, ceil(n / stride), dim]. */
export interface Compressor {
  apply(x: Tensor): Tensor;
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
  if (dim === embeddingDim) return { apply: (x) => x };
  return new Linear(store, `${name}.compress_fn`, embeddingDim, dim);
}

class ConvCompressor implements Compressor {
  private readonly weight: Tensor;
  private readonly bias: Tensor;
  private readonly project: Linear;
  private readonly stride: number;

  constructor(store: ParameterStore, name: string, embeddingDim: number, { factor, stride, dim }: HierarchyConfig) {
    const inner = 4 * embeddingDim;
    const init = uniformInit(embeddingDim * factor);
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
}
