import { withTraining } from '../../../config/problem.ts';
import { changedSince } from '../../state/marks.ts';
import type { RunRecord } from '../../state/runs.ts';
import { differenceLine } from '../config-diff.ts';
import { isRepeated, settingsKey } from '../seeds/seed-groups.ts';

/** Runs that were begun with the same settings but for the seed, the newest first, and what tells them from those before. */
export interface RailGroup {
  runs: readonly RunRecord[];
  about: string;
}

/** Runs as the list has them: groups in the order of their newest runs, the newest first. */
export function railGroups(runs: readonly RunRecord[]): RailGroup[] {
  const groups = new Map<string, RunRecord[]>();
  for (const run of runs.toReversed()) {
    const key = keyOf(run);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const all = [...groups.values()];
  return all.map((group, at) => ({ runs: group, about: aboutOf(group, all[at + 1]?.[0] ?? null) }));
}

/** What has been changed on the way, or is not known to be the same, stands alone. */
function keyOf(run: RunRecord): string {
  const isAlone = run.origin === 'link' || changedSince(run.metrics.marks).size > 0;
  return (isAlone ? null : settingsKey(run)) ?? `run ${run.id}`;
}

/** Of several seeds, none is what makes the group another than the run before. */
function aboutOf(group: readonly RunRecord[], before: RunRecord | null): string {
  const [run] = group;
  const since = changedSince(run.metrics.marks);
  if (!isRepeated(group)) return differenceLine({ ...run, since }, before);
  const { seed } = group.at(-1)!.config.training;
  const alike = <Run extends RunRecord>(each: Run): Run => ({ ...each, config: withTraining(each.config, { seed }) });
  return differenceLine(alike(run), before && alike(before));
}
