/** One comparison: how far off, relative to the largest magnitude expected, and what is allowed. */
export interface Check {
  group: string;
  what: string;
  deviation: number;
  tolerance: number;
}

/** Limits for a float32 implementation on a GPU, relative to each tensor's largest magnitude. */
export const TOLERANCES = {
  logits: 3e-5,
  losses: 1e-5,
  gradients: 1e-4,
  checksumL2: 1e-5,
  checksumSum: 5e-4,
  exact: 0,
} as const;

/** Largest difference relative to the largest magnitude expected; Infinity for NaN or another length. */
export function relativeDeviation(actual: ArrayLike<number>, expected: ArrayLike<number>, scale = 0): number {
  if (actual.length !== expected.length) return Infinity;
  let worst = 0;
  let magnitude = scale;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    if (Number.isNaN(difference)) return Infinity;
    worst = Math.max(worst, difference);
    magnitude = Math.max(magnitude, Math.abs(expected[i]));
  }
  return worst / (magnitude || 1);
}

export function passed(check: Check): boolean {
  return check.deviation <= check.tolerance;
}

/** `NAME  ok  logits 4.1e-7/3e-5  ...`: the worst of every group; failures name what failed. */
export function formatChecks(name: string, checks: readonly Check[]): string {
  const groups = new Map<string, Check[]>();
  for (const check of checks) groups.set(check.group, [...(groups.get(check.group) ?? []), check]);
  const parts = [...groups].map(([group, members]) => {
    const worst = members.reduce((a, b) => (b.deviation / (b.tolerance || 1) > a.deviation / (a.tolerance || 1) ? b : a));
    const limit = worst.tolerance === 0 ? 'exact' : worst.tolerance.toExponential(0);
    const where = passed(worst) ? '' : ` (${worst.what})`;
    return `${group} ${worst.deviation === 0 ? '0' : worst.deviation.toExponential(1)}/${limit}${where}`;
  });
  return `${checks.every(passed) ? 'ok    ' : 'FAILED'} ${name.padEnd(24)} ${parts.join('  ')}`;
}
