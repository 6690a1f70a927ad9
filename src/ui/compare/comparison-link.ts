import { comparisonQuery } from '../../config/codec/compared-runs.ts';
import type { ComparedRun } from '../../config/codec/compared-runs.ts';
import { shareLink } from '../share/share-link.ts';
import type { RunRecord } from '../state/runs.ts';
import { formatHash } from '../state/view.ts';
import { runName } from './run-name.ts';

type Shared = Pick<RunRecord, 'id' | 'origin' | 'name' | 'config' | 'preset'>;

/**
 * One link that opens some runs side by side in Compare. The newest, which comes last, is the one that its form holds.
 *
 * @param curves of runs by their numbers, as links carry them; left out where the link is to go without
 */
export function comparisonLink(
  runs: readonly Shared[],
  page: Pick<Location, 'origin' | 'pathname'>,
  curves: ReadonlyMap<number, string> = new Map(),
): string {
  const told = runs.map((run): ComparedRun => ({
    config: run.config,
    preset: run.preset,
    name: givenName(run),
    curve: curves.get(run.id),
  }));
  const [newest, ...others] = [...told.slice(-1), ...told.slice(0, -1)];
  return shareLink(page, comparisonQuery([newest, ...others]), formatHash({ tab: 'cmp', detail: '' }));
}

/** What a run that came with a link has after its name. */
const SENT = /(?:^| )from the link(?: \d+)?$/;

/** What somebody has called a run; undefined for the name that follows from its settings anywhere. */
function givenName({ name: shown, origin, config }: Shared): string | undefined {
  const name = origin === 'link' ? shown.replace(SENT, '') : shown;
  return name === '' || name.replace(/ \d+$/, '') === runName(config) ? undefined : name;
}
