import type { Estimate } from '../../protocol/test-score.ts';

/** Which of several runs has the lowest loss, as far as chance leaves that open. */
export interface Verdict<Difference extends Estimate = Estimate> {
  /** Index of the run that is better than every other by more than chance; null where none is. */
  best: number | null;
  /** Indices of those that may be the best; none where one is. */
  close: ReadonlySet<number>;
  /** How many more bits per byte than the lowest the others need, by their indices. */
  more: ReadonlyMap<number, Difference>;
}

/** Where there is nothing to tell. */
export const NO_VERDICT: Verdict<never> = { best: null, close: new Set(), more: new Map<number, never>() };

/** Standard errors that a difference must be away from nothing. */
export const SURE = 2;

/**
 * @param known what was measured, with the indices of its runs
 * @param bitsMore by how much one run needs more than another
 * @param isSure whether that is more than chance
 */
export function verdictOf<Difference extends Estimate>(
  known: readonly { at: number; mean: number }[],
  bitsMore: (at: number, than: number) => Difference,
  isSure: (difference: Difference) => boolean = isBeyondErrors,
): Verdict<Difference> {
  if (known.length < 2) return NO_VERDICT;
  const [first, ...others] = known.toSorted((a, b) => a.mean - b.mean);
  const more = new Map(others.map(({ at }) => [at, bitsMore(at, first.at)]));
  const close = [...more].filter(([, difference]) => !isSure(difference)).map(([at]) => at);
  if (close.length === 0) return { best: first.at, close: NO_VERDICT.close, more };
  return { best: null, close: new Set([first.at, ...close]), more };
}

function isBeyondErrors({ mean, error }: Estimate): boolean {
  return error !== null && mean > SURE * error;
}
