import { areComparable, bitsPerByte } from '../../../protocol/test-score.ts';
import type { RunRecord } from '../../state/runs.ts';
import { lastValidation } from '../run-figures.ts';
import { incomparable } from '../run-text.ts';
import { readSameBatches } from '../same-batches.ts';
import { NO_VERDICT, verdictOf } from '../verdict.ts';
import type { Verdict } from '../verdict.ts';
import { sampleOf } from './sample.ts';
import type { Sample } from './sample.ts';
import { isMoreThanChance, pairedDifference, welchDifference } from './seed-difference.ts';
import type { SeedDifference } from './seed-difference.ts';
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
  verdicts: readonly Verdict<SeedDifference>[];
}

/** The runs of a configuration that were measured, by their seeds. */
interface Measured {
  runs: readonly RunRecord[];
  figures: readonly number[];
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
): Verdict<SeedDifference> {
  const contestants = set.filter((at) => measured[at].figures.length > 1);
  if (!comparable(contestants.flatMap((at) => measured[at].runs))) return NO_VERDICT;
  return verdictOf(
    contestants.map((at) => ({ at, mean: measured[at].sample!.mean })),
    (at, than) => difference(measured[at], measured[than]),
    isMoreThanChance,
  );
}

/**
 * Seed by seed where both read the same batches and have the same widths, whose weights a seed begins alike: over eight seeds of
 * `micro`, 200 steps each, the test figures of two such configurations correlated at 0.95 and more, and at 0.2 to 0.4 where widths
 * differed. Pairs have half of the degrees of freedom, so that they tell more than means (Welch) only from a correlation of 0.6 on with
 * three seeds, of 0.3 with five. What decides is how runs were set, not how they came out, so that 95 % stay 95 %.
 */
function difference(a: Measured, b: Measured): SeedDifference {
  const arePairs =
    a.runs.length === b.runs.length &&
    widthsOf(a.runs[0]) === widthsOf(b.runs[0]) &&
    a.runs.every((run, at) => readSameBatches([run, b.runs[at]]));
  return arePairs ? pairedDifference(a.figures, b.figures) : welchDifference(a.sample!, b.sample!);
}

function widthsOf({ config }: RunRecord): string {
  return config.model.hierarchies.map(({ factor, dim }) => `${factor}x ${dim}`).join();
}

function testFigure({ metrics: { testScore, madeSteps } }: RunRecord): number | null {
  return testScore?.step === madeSteps ? bitsPerByte(testScore).mean : null;
}

function haveSameTestBytes(runs: readonly RunRecord[]): boolean {
  const scores = runs.flatMap(({ metrics: { testScore } }) => testScore ?? []);
  return scores.every((score) => areComparable(score, scores[0]));
}
