import type { RunMetrics } from '../state/run-metrics.ts';

/** Below this, tokens are as good as one and the same, and so are a prediction and what it is to predict. */
const NEXT_TO_NOTHING = 0.05;

/**
 * Hierarchies whose prediction is good only because there is nothing left to predict: their embeddings have become all
 * alike. A small loss alone is no such sign, nor is a small spread: before training it may be small by chance.
 */
export function collapsedHierarchies({ spread, ar }: Pick<RunMetrics, 'spread' | 'ar'>): number[] {
  return spread.flatMap((series, hierarchy) => {
    const prediction = ar[hierarchy] ?? null;
    if (series === null || prediction === null || series.y.length === 0 || prediction.y.length === 0) return [];
    return series.y.last < NEXT_TO_NOTHING && prediction.smoothed.last < NEXT_TO_NOTHING ? [hierarchy] : [];
  });
}
