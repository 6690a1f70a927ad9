import { feedForwardWidth } from '../config/costs.ts';
import type { ModelConfig } from '../config/types.ts';
import { areQuads } from '../ops/tiles.ts';

/** What decides, besides the adapter's variants, which code the kernels of a model run. */
export interface KernelTraits {
  /** Attention is compiled for each width of a head by itself. */
  headWidths: readonly number[];
  /** Whether all rows of products can be read as vectors of four. */
  aligned: boolean;
}

export function kernelTraits({ hierarchies }: Pick<ModelConfig, 'hierarchies'>): KernelTraits {
  const attending = hierarchies.filter(({ window }) => window !== 0);
  const widths = hierarchies.flatMap((h) => [h.dim, h.heads * h.dimHead, feedForwardWidth(h)]);
  return {
    headWidths: [...new Set(attending.map(({ dimHead }) => dimHead))].toSorted((a, b) => a - b),
    aligned: areQuads(...widths),
  };
}
