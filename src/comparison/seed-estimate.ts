import type { Estimate } from '../protocol/test-score.ts';
import type { Sample } from './sample.ts';
import { sampleOf } from './sample.ts';
import { studentQuantile } from './student-t.ts';

/** A mean over seeds: of a figure in bits per byte, or of by how much one configuration needs more than another. */
export interface SeedEstimate extends Estimate {
  /** What more seeds would come to lies this close to `mean`, at 95 %; null where these show no spread. */
  margin: number | null;
}

/** Of what some seeds came to, by Student's t. */
export function meanOverSeeds({ mean, deviation, count }: Sample): SeedEstimate {
  return known(mean, (deviation ?? 0) ** 2 / count, count - 1);
}

/** Of runs seed by seed, both lists in the same order, by Student's t-test of their differences. At least two. */
export function pairedDifference(a: readonly number[], b: readonly number[]): SeedEstimate {
  return meanOverSeeds(sampleOf(a.map((figure, at) => figure - b[at]))!);
}

/** Of runs that have nothing to do with each other, by Welch's t-test: spread and count may differ. At least two of each. */
export function welchDifference(a: Sample, b: Sample): SeedEstimate {
  const squares = [a, b].map(({ count, deviation }) => (deviation ?? 0) ** 2 / count);
  const squared = squares[0] + squares[1];
  const degrees = squared ** 2 / (squares[0] ** 2 / (a.count - 1) + squares[1] ** 2 / (b.count - 1));
  return known(a.mean - b.mean, squared, degrees);
}

/** Seeds that all came to the same say nothing of how far others would lie. */
function known(mean: number, squaredError: number, degrees: number): SeedEstimate {
  if (!(squaredError > 0)) return { mean, error: null, margin: null };
  const error = Math.sqrt(squaredError);
  return { mean, error, margin: studentQuantile(degrees) * error };
}

/** Whether chance alone would hardly part two configurations that far. */
export function isMoreThanChance({ mean, margin }: SeedEstimate): boolean {
  return margin !== null && mean > margin;
}
