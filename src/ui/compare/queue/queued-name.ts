import type { QueuedRun } from '../../state/queued-run.ts';
import type { RunRecord } from '../../state/runs.ts';
import { differenceLine } from '../config-diff.ts';
import { settingsKey } from '../seeds/seed-groups.ts';

/** Its name if it has one; `steady otter with seed 1` for a run that repeats one of these, else what it changes of its preset. */
export function queuedName(queued: QueuedRun, runs: readonly RunRecord[]): string {
  if (queued.name !== undefined) return queued.name;
  const key = settingsKey(queued);
  const repeated = runs.find((run) => run.origin === 'visit' && settingsKey(run) === key);
  if (key === null || repeated === undefined) return differenceLine(queued, null);
  return `${repeated.name} with seed ${queued.config.training.seed}`;
}
