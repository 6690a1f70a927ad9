import type { Tensor } from '../tensor/tensor.ts';
import type { HierarchicalTransformer } from './hierarchical-transformer.ts';

/**
 * Records, and keeps, what would be predicted from observed tokens if the layers from here on were left out: logits
 * [B, n, V] by the final norms and output weights, which were trained for the tokens of the last layer alone. Known as the
 * logit lens (nostalgebraist, 2020).
 */
export function keepLens(model: HierarchicalTransformer, tokens: readonly Tensor[], length: number): Tensor {
  const { graph } = tokens[0];
  if (!graph) throw new Error('keepLens: given tokens outside of a trace, needs some that are being recorded');
  return graph.keep(model.readOut(tokens, length));
}
