import { phaseProduct } from '../ops/phase-product.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { HierarchicalTransformer } from './hierarchical-transformer.ts';

/** Tokens whose bytes lie side by side: token `first` and every `every`-th behind it. */
export interface Tiling {
  first: number;
  every: number;
}

/**
 * The tokens of a hierarchy that stand for every byte of a text once. Of those that could, they begin with the token that
 * has the least padding before the text: none at stride 1, else stride - 1 bytes.
 */
export function tilingOf({ factor, stride }: { factor: number; stride: number }): Tiling {
  const every = factor / stride;
  return { first: every - 1, every };
}

/**
 * Records, and keeps, what reconstruction heads make of the tokens behind the final norms that tile the text: logits
 * [B, tiles, factor * V], slot-major. Null where there is no head, or no such token in the text.
 */
export function keepReconstructions(model: HierarchicalTransformer, embeds: readonly Tensor[]): (Tensor | null)[] {
  return model.config.hierarchies.map((hierarchy, i) => {
    const { graph, shape } = embeds[i];
    if (!graph) {
      throw new Error('keepReconstructions: given tokens outside of a trace, needs some that are being recorded');
    }
    const head = model.toRecon[i];
    const tiling = tilingOf(hierarchy);
    if (!head || tiling.first >= shape[1]) return null;
    return graph.keep(phaseProduct({ x: embeds[i], weight: head.weight, ...tiling }));
  });
}
