import type { HotName } from '../config/hot-settings.ts';
import type { ModelConfig } from '../config/types.ts';
import type { EmbeddingSpread, MetricsBatch } from './events.ts';
import type { TestScore } from './test-score.ts';

/** All that a run has measured, as plain values that can be stored. */
export interface RunHistory {
  batch: MetricsBatch;
  validations: { step: number; bpb: number; spread: EmbeddingSpread }[];
  marks: readonly Mark[];
  /** Runs that were stored before these were have none. */
  weights?: readonly WeightsSince[];
  /** Null or left out where it was not measured. */
  testScore?: TestScore | null;
}

/** Something to see in the curve of a run: what happened after a step. */
export interface Mark {
  step: number;
  name: string;
  /** Settings that have another value from there on. */
  settings?: readonly HotName[];
  /** What those were before, and are then; left out by earlier versions of the page. */
  values?: Partial<Record<HotName, ChangedValue>>;
}

export interface ChangedValue {
  from: number;
  to: number;
}

export type LossWeights = Pick<ModelConfig, 'reconWeight' | 'arWeight'>;

/** Weights, and the first step that was trained with them. */
export type WeightsSince = LossWeights & { from: number };
