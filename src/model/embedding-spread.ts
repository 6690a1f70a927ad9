import { cosineLoss } from '../ops/cosine-loss.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { HierarchicalTransformer } from './hierarchical-transformer.ts';
import { recordLayout, type LossContext } from './losses.ts';

/**
 * Records how far apart the final embeddings of each compressed hierarchy lie: the mean of 1 - cosine between tokens
 * half a sequence apart, whose bytes have nothing to do with each other. Near 0 all tokens are alike, and predicting the
 * next one is no feat any more. Takes the place of the hierarchy's prediction loss in the record: whoever measures the
 * one does not measure the other. Returns where each spread is in the record; null at 1x, and where a sequence is a single
 * token.
 */
export function recordEmbeddingSpread(
  model: HierarchicalTransformer,
  embeds: readonly Tensor[],
  { hyper, weightIndices, record, recordScale }: Omit<LossContext, 'ids' | 'length'>,
): (number | null)[] {
  return recordLayout(model.config).ar.map((recordIndex, i) => {
    const tokens = embeds[i].shape[1];
    if (recordIndex === null || tokens < 2) return null;
    cosineLoss({
      prediction: embeds[i],
      target: embeds[i],
      shift: Math.floor(tokens / 2),
      hyper,
      weightIndex: weightIndices.ar,
      record,
      recordIndex,
      recordScale,
    });
    return recordIndex;
  });
}
