import { encodeQuery } from '../../../config/codec/encode.ts';
import { changedSince } from '../../state/marks.ts';
import type { QueuedRun } from '../../state/queued-run.ts';
import type { RunRecord, RunsState } from '../../state/runs.ts';
import type { SentRun } from '../../state/sent-runs.ts';

/** What has become of a run of a link on this page. */
export interface Standing {
  /** Its curve as the sender measured it; null where none came, or it was deleted. */
  curve: RunRecord | null;
  /** The newest run of the same settings, seed included, that was begun here. */
  here: RunRecord | null;
  waits: boolean;
}

export function standingOf(
  { config, curveId }: SentRun,
  { runs }: Pick<RunsState, 'runs'>,
  waiting: readonly QueuedRun[],
): Standing {
  const query = encodeQuery(config);
  const isSame = (other: Pick<RunRecord, 'config'>): boolean => encodeQuery(other.config) === query;
  const isHere = (run: RunRecord): boolean =>
    run.origin === 'visit' && !run.firstWeights && changedSince(run.metrics.marks).size === 0 && isSame(run);
  return {
    curve: runs.find(({ id, origin }) => origin === 'link' && id === curveId) ?? null,
    here: runs.findLast(isHere) ?? null,
    waits: waiting.some(isSame),
  };
}
