import { withCurve } from '../../config/codec/curve-key.ts';
import { encodeQuery } from '../../config/codec/encode.ts';
import { runField } from '../../config/fields.ts';
import { exact } from '../format/quantity.ts';
import { shareLink } from '../share/share-link.ts';
import { changedSince } from '../state/marks.ts';
import type { RunRecord } from '../state/runs.ts';
import { formatHash } from '../state/view.ts';

/**
 * A line with the link of each run, which opens Compare. A link has one value of each setting, and no text: where a run needs
 * more than that, its line says so.
 *
 * @param curves of runs by their numbers, as links carry them; left out where links are to go without
 */
export function comparisonText(
  runs: readonly Pick<RunRecord, 'id' | 'name' | 'config' | 'preset' | 'text' | 'metrics'>[],
  page: Pick<Location, 'origin' | 'pathname'>,
  curves?: ReadonlyMap<number, string>,
): string {
  const hash = formatHash({ tab: 'cmp', detail: '' });
  return runs
    .map((run) => {
      const { id, name, config, preset } = run;
      const curve = curves?.get(id);
      const untold = [...whatLinkOmits(run), ...(curves !== undefined && curve === undefined ? ['no curve'] : [])];
      const remark = untold.length === 0 ? '' : ` (${untold.join('; ')})`;
      const query = encodeQuery(config, preset);
      return `${name}${remark}: ${shareLink(page, curve === undefined ? query : withCurve(query, curve), hash)}`;
    })
    .join('\n');
}

function whatLinkOmits({ config, text, metrics }: Pick<RunRecord, 'config' | 'text' | 'metrics'>): string[] {
  const changes = [...changedSince(metrics.marks)].map(([name, all]) => {
    const { label } = runField(name);
    const { step } = all.at(-1)!;
    return `${label.charAt(0).toLowerCase()}${label.slice(1)} only from step ${exact(step)}, in the link from the start`;
  });
  return config.dataset === 'own' && text !== null ? [`on ${text.name}`, ...changes] : changes;
}
