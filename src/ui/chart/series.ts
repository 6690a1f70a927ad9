import { BucketCache } from './buckets.ts';
import type { Buckets } from './buckets.ts';
import { Column } from './column.ts';
import { nearest } from './search.ts';
import { Smoother } from './smoothing.ts';

/** Weight of the moving average that curves are drawn with: calm, and no more than six steps behind. */
const SMOOTHING = 0.85;

/** One measured quantity over steps: raw values, their smoothed course, and both as a chart shows them. */
export class Series {
  /** Shared by all series that are measured at the same steps. */
  readonly x: Column;
  readonly y = new Column();
  private readonly smoother: Smoother;
  private readonly extent = new Extent();
  private readonly rawBuckets = new BucketCache();
  private readonly smoothBuckets = new BucketCache();

  constructor(x: Column, smoothing = SMOOTHING) {
    this.x = x;
    this.smoother = new Smoother(smoothing);
  }

  /** Smoothed on every value, and only then decimated. */
  get smoothed(): Column {
    return this.smoother.update(this.x, this.y);
  }

  /** Smallest and largest smoothed value: single spikes do not stretch an axis. Null before the first value. */
  get smoothedExtent(): { min: number; max: number } | null {
    return this.extent.update(this.smoothed);
  }

  bucketedRaw(from: number, to: number, count: number): Buckets {
    return this.rawBuckets.update(this.x, this.y, from, to, count);
  }

  bucketedSmooth(from: number, to: number, count: number): Buckets {
    return this.smoothBuckets.update(this.x, this.smoothed, from, to, count);
  }

  /** The value measured nearest to `x`, exact; null when nothing is measured yet. */
  near(x: number): { x: number; raw: number; smoothed: number } | null {
    const index = nearest(this.x, x);
    if (index < 0 || index >= this.y.length) return null;
    return { x: this.x.at(index), raw: this.y.at(index), smoothed: this.smoothed.at(index) };
  }
}

/** Smallest and largest value of a growing column. */
class Extent {
  private min = Infinity;
  private max = -Infinity;
  private read = 0;

  update(values: Column): { min: number; max: number } | null {
    for (; this.read < values.length; this.read++) {
      const value = values.at(this.read);
      if (!Number.isFinite(value)) continue;
      this.min = Math.min(this.min, value);
      this.max = Math.max(this.max, value);
    }
    return this.min > this.max ? null : { min: this.min, max: this.max };
  }
}
