import type { ModelConfig } from './types.ts';

/**
 * Index of the hierarchy that predicts the next byte: the one of `predictFactor`, else the one of the smallest factor,
 * also when no hierarchy has that `predictFactor`. -1 when there are no hierarchies.
 */
export function predictingIndex(model: Pick<ModelConfig, 'hierarchies' | 'predictFactor'>): number {
  const factors = model.hierarchies.map((hierarchy) => hierarchy.factor);
  const chosen = model.predictFactor === null ? -1 : factors.indexOf(model.predictFactor);
  return chosen >= 0 ? chosen : factors.indexOf(Math.min(...factors));
}
