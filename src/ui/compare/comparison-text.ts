import { encodeQuery } from '../../config/codec/encode.ts';
import { runField } from '../../config/fields.ts';
import { exact } from '../format/quantity.ts';
import { shareLink } from '../share/share-link.ts';
import { changedSince } from '../state/marks.ts';
import type { RunRecord } from '../state/runs.ts';

/**
 * A line with the link of each run. A link has one value of each setting, and no text: where a run needs more than that, its
 * line says so.
 */
export function comparisonText(
  runs: readonly Pick<RunRecord, 'name' | 'config' | 'preset' | 'text' | 'metrics'>[],
  page: Pick<Location, 'origin' | 'pathname'>,
): string {
  return runs
    .map((run) => {
      const { name, config, preset } = run;
      const untold = whatLinkOmits(run);
      const remark = untold.length === 0 ? '' : ` (${untold.join('; ')})`;
      return `${name}${remark}: ${shareLink(page, encodeQuery(config, preset), '')}`;
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
