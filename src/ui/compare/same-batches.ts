import type { RunRecord } from '../state/runs.ts';

/** Whether runs on one text and context have the same bytes before them at every step. */
export function readSameBatches([first, ...others]: readonly Pick<RunRecord, 'config'>[]): boolean {
  const sequences = ({ config: { training } }: Pick<RunRecord, 'config'>): number =>
    training.batchSize * training.accumulation;
  const seed = ({ config: { training } }: Pick<RunRecord, 'config'>): number => training.seed;
  return others.every((run) => seed(run) === seed(first) && sequences(run) === sequences(first));
}
