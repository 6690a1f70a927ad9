import { presetConfig } from '../../../config/presets.ts';
import { withTraining } from '../../../config/problem.ts';
import type { RunConfig } from '../../../config/types.ts';
import type { RunRecord } from '../../state/runs.ts';
import { differenceLine, differences } from '../config-diff.ts';
import { isRepeated } from './seed-groups.ts';

/** A configuration, and the runs that trained it, each with a seed of its own. */
export interface SeedRow {
  /** `A` for the first one shown, and so on: what verdicts call it. */
  letter: string;
  /** What tells it from the first of those shown, or all that it is, whichever is shorter. */
  label: string;
  /** By their seeds, at least one. */
  runs: readonly RunRecord[];
}

/**
 * The configurations that were trained with several seeds, and beside these the compared ones with one, in the order in which
 * they came. None as long as each has but one.
 *
 * @param groups of runs that differ in their seed alone
 * @param isCompared whether Compare draws a run
 */
export function seedRows(
  groups: readonly (readonly RunRecord[])[],
  isCompared: (run: RunRecord) => boolean,
): SeedRow[] {
  if (!groups.some(isRepeated)) return [];
  const told = groups.filter((group) => isRepeated(group) || group.some(isCompared));
  return told.map((group, at) => ({
    letter: String.fromCodePoint('A'.codePointAt(0)! + at),
    label: labelOf(group[0], told[0][0]),
    runs: group.toSorted(bySeed),
  }));
}

function bySeed(a: RunRecord, b: RunRecord): number {
  return a.config.training.seed - b.config.training.seed;
}

function labelOf(run: RunRecord, first: RunRecord): string {
  const { seed } = presetConfig(run.preset).training;
  const whole = differenceLine({ ...run, config: ofSeed(run, seed) }, null);
  if (run === first) return whole;
  const change = differences({ ...run, config: ofSeed(run, first.config.training.seed) }, first).join(', ');
  return change.length < whole.length ? change : whole;
}

function ofSeed({ config }: RunRecord, seed: number): RunConfig {
  return withTraining(config, { seed });
}
