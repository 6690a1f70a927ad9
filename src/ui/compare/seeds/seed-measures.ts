import { differenceOverSeeds } from '../../../comparison/difference-over-seeds.ts';
import type { MeasuredSeeds } from '../../../comparison/difference-over-seeds.ts';
import { incomparable } from '../../../comparison/same-bytes.ts';
import { sampleOf } from '../../../comparison/sample.ts';
import type { Sample } from '../../../comparison/sample.ts';
import { isMoreThanChance } from '../../../comparison/seed-estimate.ts';
import type { SeedEstimate } from '../../../comparison/seed-estimate.ts';
import { areComparable, bitsPerByte } from '../../../protocol/test-score.ts';
import type { RunRecord } from '../../state/runs.ts';
import { lastValidation } from '../run-figures.ts';
import { NO_VERDICT, verdictOf } from '../verdict.ts';
import type { Verdict } from '../verdict.ts';
import type { SeedRow } from './seed-rows.ts';

/** A figure that configurations are compared by, of the last step of each run. */
interface SeedMeasure {
  label: string;
  /** In bits per byte; null where it was not measured. */
  of(run: RunRecord): number | null;
  /** Whether figures of some runs are about the same bytes, beyond what texts and contexts say. */
  areComparable(runs: readonly RunRecord[]): boolean;
}

/** The last validation and not the lowest, which is low by chance as well. Both are about the same bytes for every seed. */
const MEASURES: readonly SeedMeasure[] = [
  { label: 'Test part', of: testFigure, areComparable: haveSameTestBytes },
  { label: 'Last validation', of: ({ metrics }) => lastValidation(metrics), areComparable: () => true },
];

/** What configurations came to by one measure. */
export interface SeedResult {
  label: string;
  /** One entry a configuration; null where none of its runs was measured. */
  samples: readonly (Sample | null)[];
  /** One entry for each set of configurations whose losses are about the same bytes. */
  verdicts: readonly Verdict<SeedEstimate>[];
}

/** The runs of a configuration that were measured, by their seeds. */
interface Measured extends MeasuredSeeds {
  runs: readonly RunRecord[];
  sample: Sample | null;
}

export function seedResults(rows: readonly SeedRow[]): SeedResult[] {
  const sets = contests(rows);
  return MEASURES.map(({ label, of, areComparable: comparable }) => {
    const measured = rows.map((row): Measured => {
      const runs = row.runs.filter((run) => of(run) !== null);
      const figures = runs.map((run) => of(run)!);
      return { runs, figures, sample: sampleOf(figures) };
    });
    return {
      label,
      samples: measured.map(({ sample }) => sample),
      verdicts: sets.map((set) => verdictAmong(set, measured, comparable)),
    };
  });
}

/** Indices of the configurations whose losses are a contest, set by set. */
function contests(rows: readonly SeedRow[]): number[][] {
  const sets: number[][] = [];
  rows.forEach(({ runs: [run] }, at) => {
    const own = sets.find(([first]) => incomparable([rows[first].runs[0], run]) === null);
    if (own === undefined) sets.push([at]);
    else own.push(at);
  });
  return sets;
}

function verdictAmong(
  set: readonly number[],
  measured: readonly Measured[],
  comparable: SeedMeasure['areComparable'],
): Verdict<SeedEstimate> {
  const contestants = set.filter((at) => measured[at].figures.length > 1);
  if (!comparable(contestants.flatMap((at) => measured[at].runs))) return NO_VERDICT;
  return verdictOf(
    contestants.map((at) => ({ at, mean: measured[at].sample!.mean })),
    (at, than) => differenceOverSeeds(measured[at], measured[than]),
    isMoreThanChance,
  );
}

function testFigure({ metrics: { testScore, madeSteps } }: RunRecord): number | null {
  return testScore?.step === madeSteps ? bitsPerByte(testScore).mean : null;
}

function haveSameTestBytes(runs: readonly RunRecord[]): boolean {
  const scores = runs.flatMap(({ metrics: { testScore } }) => testScore ?? []);
  return scores.every((score) => areComparable(score, scores[0]));
}
