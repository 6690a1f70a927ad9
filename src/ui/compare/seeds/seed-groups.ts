import { encodeQuery } from '../../../config/codec/encode.ts';
import { withTraining } from '../../../config/problem.ts';
import { changedSince } from '../../state/marks.ts';
import type { RunRecord } from '../../state/runs.ts';

/** What of a run decides whether it is one of several that differ in nothing but their seed. */
export type Seeded = Pick<RunRecord, 'config' | 'origin' | 'metrics' | 'text' | 'firstWeights'>;

/**
 * The same for runs that differ in nothing but their seed; null for a run that is not through, has taken up a setting on the
 * way, came with a link, or learned from a text that cannot be told from others.
 */
export function seedKey(run: Seeded): string | null {
  const { config, origin, metrics } = run;
  if (origin === 'link' || metrics.lastStep < config.training.steps || changedSince(metrics.marks).size > 0)
    return null;
  return settingsKey(run);
}

/**
 * The same for runs that were begun with the same settings, but for the seed, on the same text, and with the same weights where
 * these were not drawn; null where that is unknown.
 */
export function settingsKey({
  config,
  text,
  firstWeights,
}: Pick<Seeded, 'config' | 'text' | 'firstWeights'>): string | null {
  const digest = text?.sha256 ?? null;
  if (config.dataset === 'own' && digest === null) return null;
  return `${encodeQuery(withTraining(config, { seed: 0 }), 'quick')} ${digest ?? config.dataset} ${firstWeights?.sha256 ?? ''}`;
}

/** Where no runs differ in their seed alone; one object, so that what is drawn of it stays. */
export const NO_GROUPS: readonly (readonly RunRecord[])[] = [];

/** Runs that differ in nothing but their seed, each seed once and as it was trained last, in the order in which they came. */
export function seedGroups<Run extends Seeded>(runs: readonly Run[]): readonly (readonly Run[])[] {
  const groups = new Map<string, Map<number, Run>>();
  for (const run of runs) {
    const key = seedKey(run);
    if (key === null) continue;
    const group = groups.get(key) ?? new Map<number, Run>();
    groups.set(key, group.set(run.config.training.seed, run));
  }
  return [...groups.values()].map((group) => [...group.values()]);
}

/** Whether a configuration was trained with several seeds. */
export function isRepeated(group: readonly Seeded[]): boolean {
  return group.length > 1;
}
