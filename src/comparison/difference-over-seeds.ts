import { sampleOf } from './sample.ts';
import { beganAlike, readSameBatches } from './same-batches.ts';
import type { Trained } from './same-batches.ts';
import { pairedDifference, welchDifference } from './seed-estimate.ts';
import type { SeedEstimate } from './seed-estimate.ts';

/** What runs of one configuration came to, each with a seed of its own, by their seeds. */
export interface MeasuredSeeds {
  runs: readonly Trained[];
  /** One entry a run, in bits per byte. */
  figures: readonly number[];
}

/** By how much the first configuration needs more than the second. At least two runs of each. */
export function differenceOverSeeds(a: MeasuredSeeds, b: MeasuredSeeds): SeedEstimate {
  return arePairs(a, b)
    ? pairedDifference(a.figures, b.figures)
    : welchDifference(sampleOf(a.figures)!, sampleOf(b.figures)!);
}

/**
 * Seed by seed where both read the same batches and have the same widths, whose weights a seed begins alike: over eight seeds of
 * `micro`, 200 steps each, the test figures of two such configurations correlated at 0.95 and more, and at 0.2 to 0.4 where widths
 * differed. Where one began with trained weights and the other did not, a seed means something else to each. Pairs have half of the degrees of freedom, so that they tell more than means (Welch) only from a correlation of 0.6 on with
 * three seeds, of 0.3 with five. What decides is how runs were set, not how they came out, so that 95 % stay 95 %.
 */
export function arePairs({ runs: a }: MeasuredSeeds, { runs: b }: MeasuredSeeds): boolean {
  return (
    a.length === b.length &&
    widthsOf(a[0]) === widthsOf(b[0]) &&
    a.every((run, at) => readSameBatches([run, b[at]]) && beganAlike([run, b[at]]))
  );
}

function widthsOf({ config }: Trained): string {
  return config.model.hierarchies.map(({ factor, dim }) => `${factor}x ${dim}`).join();
}
