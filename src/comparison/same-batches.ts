import type { RunConfig } from '../config/types.ts';
import type { FirstWeights } from '../protocol/first-weights.ts';

/** What of a run decides what it reads, and begins with. */
export interface Trained {
  config: RunConfig;
  /** Left out where they were drawn from its seed. */
  firstWeights?: FirstWeights;
}

/** Whether runs began with the same weights, or with weights that one seed draws for one model. */
export function beganAlike([first, ...others]: readonly Pick<Trained, 'firstWeights'>[]): boolean {
  return others.every(({ firstWeights }) => firstWeights?.sha256 === first.firstWeights?.sha256);
}

/** Whether runs on one text and context have the same bytes before them at every step. */
export function readSameBatches([first, ...others]: readonly Trained[]): boolean {
  const sequences = ({ config: { training } }: Trained): number => training.batchSize * training.accumulation;
  const seed = ({ config: { training } }: Trained): number => training.seed;
  return others.every((run) => seed(run) === seed(first) && sequences(run) === sequences(first));
}
