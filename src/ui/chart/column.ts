const INITIAL_CAPACITY = 256;

/** A list of numbers that grows at its end: O(1) append, no boxing, readable as one typed array. */
export class Column {
  private values = new Float64Array(INITIAL_CAPACITY);
  private count = 0;

  get length(): number {
    return this.count;
  }

  /** The last value, NaN when there is none. */
  get last(): number {
    return this.count === 0 ? NaN : this.values[this.count - 1];
  }

  at(index: number): number {
    return this.values[index];
  }

  append(value: number): void {
    this.reserve(this.count + 1);
    this.values[this.count++] = value;
  }

  appendAll(values: ArrayLike<number>): void {
    this.reserve(this.count + values.length);
    this.values.set(values, this.count);
    this.count += values.length;
  }

  /** The values so far, without a copy; valid until the next append. */
  view(): Float64Array {
    return this.values.subarray(0, this.count);
  }

  private reserve(length: number): void {
    if (length <= this.values.length) return;
    const grown = new Float64Array(Math.max(length, 2 * this.values.length));
    grown.set(this.values);
    this.values = grown;
  }
}
