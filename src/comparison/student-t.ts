/**
 * 97.5 % quantiles of Student's t for 1, 2, 3 ... degrees of freedom, as in the NIST/SEMATECH e-Handbook of Statistical Methods,
 * section 1.3.6.7.2: between minus and plus that lie 95 %.
 */
const QUANTILES = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
/** The same of the normal distribution, which is that of ever more degrees. */
const NORMAL = 1.96;

/**
 * How many standard errors around a mean hold 95 %.
 *
 * @param degrees of freedom, at least 1; between whole numbers, as Welch's are, it is more than the true value, by up to a
 *   fifth below two and hardly above
 */
export function studentQuantile(degrees: number): number {
  const below = Math.min(Math.floor(degrees), QUANTILES.length);
  const isLast = below === QUANTILES.length;
  const [from, to] = [1 / below, isLast ? 0 : 1 / (below + 1)];
  // In 1 / degrees it is nearly a straight line.
  const share = (1 / degrees - to) / (from - to);
  const next = isLast ? NORMAL : QUANTILES[below];
  return next + share * (QUANTILES[below - 1] - next);
}
