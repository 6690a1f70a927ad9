import { Column } from './column.ts';

/** Above it a curve lags so far behind that it misleads. */
const MAX_WEIGHT = 0.99;
/** A curve lags at most by this share of its course: early on, where it falls fast, by little. */
const MAX_LAG = 1 / 20;

/**
 * Exponential moving average over x: a value counts `weight` times less for each unit of x that it lies back. The weight
 * grows into that from none at the first value, as the course gets long enough to bear the lag of weight / (1 - weight).
 * Measured in x, not in points, so that series logged at different rates smooth alike. Works on every point, before any
 * decimation, and goes on where it stopped when the columns have grown.
 */
export class Smoother {
  readonly weight: number;
  readonly result = new Column();
  private average = NaN;
  private firstX = NaN;
  private previousX = NaN;

  constructor(weight: number) {
    this.weight = Math.min(Math.max(weight, 0), MAX_WEIGHT);
  }

  /** Extends `result` to the length of `y`. A missing value (NaN) repeats the average so far. */
  update(x: Column, y: Column): Column {
    for (let index = this.result.length; index < y.length; index++) {
      this.result.append(this.next(x.at(index), y.at(index)));
    }
    return this.result;
  }

  private next(x: number, y: number): number {
    if (!Number.isFinite(y)) return this.average;
    if (Number.isNaN(this.average)) {
      this.firstX = x;
      this.average = y;
    } else {
      const keep = this.weightAt(x) ** Math.max(x - this.previousX, 0);
      // In this form a constant comes out exactly.
      this.average += (1 - keep) * (y - this.average);
    }
    this.previousX = x;
    return this.average;
  }

  private weightAt(x: number): number {
    const lag = MAX_LAG * Math.max(x - this.firstX, 0);
    return Math.min(this.weight, lag / (1 + lag));
  }
}
