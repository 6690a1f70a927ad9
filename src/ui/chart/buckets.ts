import type { Column } from './column.ts';

/** What a chart shows of one series: x is cut into equal buckets, and these hold one entry for each. */
export interface Buckets {
  readonly count: number;
  /** x of the last value in the bucket; NaN where the bucket is empty. */
  readonly x: Float64Array;
  readonly last: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Whether the smallest value of the bucket came before its largest. */
  readonly rising: Uint8Array;
}

interface Cut {
  x: Column | null;
  y: Column | null;
  from: number;
  to: number;
  count: number;
}

/**
 * Min/max decimation: a spike of one point stays visible among any number. Keeps its buckets while the cut stays the
 * same and then only reads what has been appended.
 */
export class BucketCache {
  private cut: Cut = { x: null, y: null, from: 0, to: 0, count: 0 };
  private buckets: Buckets = emptyBuckets(0);
  private read = 0;

  /** Buckets of the values with x in [from, to], x ascending. A value whose x is not known yet waits for it. */
  update(x: Column, y: Column, from: number, to: number, count: number): Buckets {
    const { cut } = this;
    if (cut.x !== x || cut.y !== y || cut.from !== from || cut.to !== to || cut.count !== count) {
      this.cut = { x, y, from, to, count };
      this.buckets = emptyBuckets(count);
      this.read = 0;
    }
    const known = Math.min(x.length, y.length);
    for (; this.read < known; this.read++) this.add(x.at(this.read), y.at(this.read));
    return this.buckets;
  }

  private add(x: number, y: number): void {
    const { from, to, count } = this.cut;
    if (!Number.isFinite(y) || !(x >= from && x <= to) || count === 0) return;
    const bucket = to > from ? Math.min(count - 1, Math.floor(((x - from) / (to - from)) * count)) : 0;
    const { min, max, rising } = this.buckets;
    if (Number.isNaN(this.buckets.x[bucket])) {
      min[bucket] = y;
      max[bucket] = y;
    } else if (y > max[bucket]) {
      max[bucket] = y;
      rising[bucket] = 1;
    } else if (y < min[bucket]) {
      min[bucket] = y;
      rising[bucket] = 0;
    }
    this.buckets.x[bucket] = x;
    this.buckets.last[bucket] = y;
  }
}

function emptyBuckets(count: number): Buckets {
  return {
    count,
    x: new Float64Array(count).fill(NaN),
    last: new Float64Array(count),
    min: new Float64Array(count),
    max: new Float64Array(count),
    rising: new Uint8Array(count),
  };
}
