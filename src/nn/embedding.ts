import { embedding } from '../ops/embedding.ts';
import { recentEmbeddings } from '../ops/recent-embeddings.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { STANDARD_NORMAL } from './init.ts';

/** A row of `NAME.weight` (vocabulary, dim) per id. */
export class Embedding {
  private readonly weight: Tensor;

  constructor(store: ParameterStore, name: string, vocabulary: number, dim: number) {
    this.weight = store.declare({ name: `${name}.weight`, shape: [vocabulary, dim], init: STANDARD_NORMAL });
  }

  /** ids [B, pitch] u32 -> [B, length, dim], from the first `length` ids of each row. */
  apply(ids: Tensor, length: number): Tensor {
    return embedding({ weight: this.weight, ids, length });
  }

  /** The last `count` ids of [1, T] u32 up to the one at `position` u32 [1], side by side: [1, 1, count * dim]. */
  applyRecent(ids: Tensor, position: Tensor, count: number): Tensor {
    return recentEmbeddings({ weight: this.weight, ids, position, count });
  }
}
