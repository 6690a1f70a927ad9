import type { RunConfig } from '../config/types.ts';

/** What of a run decides what it reads, and begins with. */
export interface Trained {
  config: RunConfig;
}

/** Whether runs on one text and context have the same bytes before them at every step. */
export function readSameBatches([first, ...others]: readonly Trained[]): boolean {
  const sequences = ({ config: { training } }: Trained): number => training.batchSize * training.accumulation;
  const seed = ({ config: { training } }: Trained): number => training.seed;
  return others.every((run) => seed(run) === seed(first) && sequences(run) === sequences(first));
}
