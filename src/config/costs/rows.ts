import type { HierarchyConfig, RunConfig } from '../types.ts';

/** L, tokens of a hierarchy in one sequence of `contextLength` bytes: ceil(contextLength / stride). */
export function tokensOf(contextLength: number, hierarchy: Pick<HierarchyConfig, 'stride'>): number {
  return Math.ceil(contextLength / hierarchy.stride);
}

/** Bytes whose successor is predicted in one optimizer step: batch * context * accumulation. */
export function tokensPerStep(config: RunConfig): number {
  const { batchSize, accumulation } = config.training;
  return batchSize * config.model.contextLength * accumulation;
}

/**
 * Query-key pairs of one head over one sequence of `length` tokens. A token sees itself and, at distances that are
 * multiples of `dilation` (= factor / stride), `window` earlier tokens, or all of them when `window` is null.
 */
export function attentionPairs(length: number, dilation: number, window: number | null): number {
  const shorter = Math.floor(length / dilation);
  const longerCount = length - shorter * dilation;
  return longerCount * causalPairs(shorter + 1, window) + (dilation - longerCount) * causalPairs(shorter, window);
}

function causalPairs(length: number, window: number | null): number {
  const keys = window === null ? length : Math.min(length, window + 1);
  return (keys * (keys + 1)) / 2 + (length - keys) * keys;
}
