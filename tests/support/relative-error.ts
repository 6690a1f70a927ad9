/**
 * Largest deviation of `actual` from `expected`, relative to the largest magnitude that is expected (absolute where
 * only zeros are). Infinite when lengths differ or a deviation is no number.
 */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const deviation = Math.abs(actual[i] - expected[i]);
    worst = Number.isNaN(deviation) ? Infinity : Math.max(worst, deviation);
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return largest > 0 ? worst / largest : worst;
}
