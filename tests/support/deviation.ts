/** Largest difference, relative to the largest magnitude of what is expected (1 where all of it is zero). */
export function deviation(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]));
    const difference = Math.abs(actual[i] - expected[i]);
    // A comparison with NaN is false, so that NaN must be caught by its own name.
    if (Number.isNaN(difference)) return Infinity;
    worst = Math.max(worst, difference);
  }
  return worst / (scale || 1);
}
