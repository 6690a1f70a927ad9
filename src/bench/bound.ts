import type { Tuning } from '../tensor/tuning.ts';
import type { Ceilings } from './ceilings.ts';

export interface Work {
  /** Floating-point operations. */
  flops: number;
  /** Bytes read and written at least. */
  bytes: number;
}

/** The least time that some work can take on an adapter, and which of its ceilings says so. */
export interface Bound {
  milliseconds: number;
  limit: 'arithmetic' | 'memory';
}

/** The roofline: no less than the arithmetic and no less than the memory takes. */
export function boundOf({ flops, bytes }: Work, { gflops, gigabytes, kernelGigabytes }: Ceilings): Bound {
  const arithmetic = flops / gflops / 1e6;
  const memory = bytes / Math.max(gigabytes, kernelGigabytes) / 1e6;
  return arithmetic > memory
    ? { milliseconds: arithmetic, limit: 'arithmetic' }
    : { milliseconds: memory, limit: 'memory' };
}

/** How near to its bound something came. */
export interface Nearness {
  /** Of the lower of the two ceilings; above 1 where data stays in a cache. */
  share: number | null;
  limit: Bound['limit'] | null;
}

/** Nothing where products are by subgroup matrices: they have a rate of their own, which no ceiling is measured with. */
export function nearness(bound: Bound, milliseconds: number, { subgroupMatrix }: Tuning): Nearness {
  if (subgroupMatrix) return { share: null, limit: null };
  return { share: bound.milliseconds / milliseconds, limit: bound.limit };
}
