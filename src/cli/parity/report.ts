import type { StoredTensor } from '../../protocol/safetensors.ts';

/** One comparison: how far off, relative to the largest magnitude expected, and what is allowed. */
export interface Check {
  group: string;
  /** Name of the tensor in the file, where it is one. */
  what: string;
  deviation: number;
  tolerance: number;
  /** Why nothing could be compared; the deviation is then Infinity. */
  error?: string;
}

/** Limits for a float32 implementation on a GPU, relative to each tensor's largest magnitude. */
export const TOLERANCES = {
  logits: 3e-5,
  forward: 3e-5,
  losses: 1e-5,
  gradients: 1e-4,
  checksumL2: 1e-5,
  checksumSum: 5e-4,
  exact: 0,
} as const;

/** Numbers of this engine, in the layout of the file. */
export interface Values {
  shape: readonly number[];
  values: ArrayLike<number>;
}

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

/** Holds an array against the one that the file has, shape first. `scale` is the least magnitude it is measured by. */
export function compare(
  group: string,
  what: string,
  { shape, values }: Values,
  stored: StoredTensor,
  tolerance: number,
  scale = 0,
): Check {
  if (shape.join() !== stored.shape.join()) {
    return failure(group, what, `given [${shape.join(', ')}], needs [${stored.shape.join(', ')}] as in the file`);
  }
  return { group, what, deviation: relativeDeviation(values, numbers(stored), scale), tolerance };
}

export function failure(group: string, what: string, error: string): Check {
  return { group, what, deviation: Infinity, tolerance: 0, error };
}

/** A file's array as float64, whatever its type. */
export function numbers({ data }: StoredTensor): Float64Array<ArrayBuffer> {
  return Float64Array.from(data as ArrayLike<number | bigint> as ArrayLike<number>, Number);
}

export function passed(check: Check): boolean {
  return check.deviation <= check.tolerance;
}

/** `NAME  ok  logits 4.1e-7/3e-5  ...`: the worst of every group; failures name what failed. */
export function formatChecks(name: string, checks: readonly Check[]): string {
  const groups = new Map<string, Check[]>();
  for (const check of checks) groups.set(check.group, [...(groups.get(check.group) ?? []), check]);
  const parts = [...groups].map(([group, members]) => `${group} ${formatGroup(members)}`);
  return `${checks.every(passed) ? 'ok    ' : 'FAILED'} ${name.padEnd(24)} ${parts.join('  ')}`;
}

function formatGroup(members: readonly Check[]): string {
  const worst = members.reduce((a, b) => (excess(b) > excess(a) ? b : a));
  const limit = worst.tolerance === 0 ? 'exact' : worst.tolerance.toExponential(0);
  const figure = `${worst.deviation === 0 ? '0' : worst.deviation.toExponential(1)}/${limit}`;
  const failed = members.filter((check) => !passed(check)).length;
  if (failed === 0) return figure;
  const others = failed > 1 ? ` and ${failed - 1} more` : '';
  return worst.error ? `(${worst.what}: ${worst.error}${others})` : `${figure} (${worst.what}${others})`;
}

function excess({ deviation, tolerance }: Check): number {
  return deviation / (tolerance || 1);
}
