import { Column } from './column.ts';

/** Above it a curve lags so far behind that it misleads. */
const MAX_WEIGHT = 0.99;

/**
 * Exponential moving average over x, without the bias of its start: a value counts `weight` times less for each unit
 * of x that it lies back. Measured in x, not in points, so that series logged at different rates smooth alike. Works on
 * every point, before any decimation, and goes on where it stopped when the columns have grown.
 */
export class Smoother {
  readonly weight: number;
  readonly result = new Column();
  private average = 0;
  private mass = 0;
  private previousX = NaN;
  /** The one value seen so far, or NaN after a second one: a constant must come out exactly. */
  private constant: number | undefined;

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
    if (!Number.isFinite(y)) return this.mass === 0 ? NaN : this.current();
    const distance = Number.isNaN(this.previousX) ? 1 : Math.max(x - this.previousX, 0);
    const keep = this.weight ** distance;
    this.average = keep * this.average + (1 - keep) * y;
    this.mass = keep * this.mass + (1 - keep);
    this.previousX = x;
    this.constant = this.constant === undefined || this.constant === y ? y : NaN;
    return this.current();
  }

  private current(): number {
    return Number.isNaN(this.constant) ? this.average / this.mass : (this.constant ?? NaN);
  }
}
