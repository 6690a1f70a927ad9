/** What repetitions of one measurement say. */
export interface Repeated {
  median: number;
  /** Half of what lies between the quartiles, as a share of the median. */
  spread: number;
  /** What it takes when nothing else is in the way: on a busy machine nearer to the truth than the median. */
  least: number;
}

/** Throws where there is nothing to summarise. */
export function summarise(values: readonly number[]): Repeated {
  if (values.length === 0) throw new Error('summarise: given no values, needs one or more');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  };
  const median = at(0.5);
  return { median, spread: median > 0 ? (at(0.75) - at(0.25)) / 2 / median : 0, least: sorted[0] };
}
