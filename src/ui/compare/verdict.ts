import type { Estimate } from '../../protocol/test-score.ts';

/** Which of several runs has the lowest loss, as far as chance leaves that open. */
export interface Verdict {
  /** Index of the run that is better than every other by more than chance; null where none is. */
  best: number | null;
  /** Indices of those that may be the best; none where one is. */
  close: ReadonlySet<number>;
  /** How many more bits per byte than the lowest the others need, by their indices. */
  more: ReadonlyMap<number, Estimate>;
}

/** Where there is nothing to tell. */
export const NO_VERDICT: Verdict = { best: null, close: new Set(), more: new Map() };

/** Standard errors that a difference must be away from nothing. */
export const SURE = 2;

/**
 * @param known what was measured, with the indices of its runs
 * @param bitsMore by how much one run needs more than another
 */
export function verdictOf(
  known: readonly { at: number; mean: number }[],
  bitsMore: (at: number, than: number) => Estimate,
): Verdict {
  if (known.length < 2) return NO_VERDICT;
  const [first, ...others] = known.toSorted((a, b) => a.mean - b.mean);
  const more = new Map(others.map(({ at }) => [at, bitsMore(at, first.at)]));
  const close = [...more].filter(([, { mean, error }]) => error === null || !(mean > SURE * error)).map(([at]) => at);
  if (close.length === 0) return { best: first.at, close: NO_VERDICT.close, more };
  return { best: null, close: new Set([first.at, ...close]), more };
}
