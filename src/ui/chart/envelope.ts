import { Column } from './column.ts';
import type { Series } from './series.ts';

/** Lowest and highest value at each step. */
export interface Bounds {
  readonly low: Column;
  readonly high: Column;
}

/** From the lowest to the highest of several series that are measured at the same steps, each smoothed alike. */
export class Envelope {
  private readonly members: readonly Series[];
  private last: { weight: number; bounds: Bounds } | null = null;

  /** @param members as they will stay: none of them grows any more */
  constructor(members: readonly Series[]) {
    this.members = members;
  }

  /** Of the values smoothed by `weight`; kept for the weight that was asked for last. */
  boundsBy(weight: number): Bounds {
    if (this.last?.weight === weight) return this.last.bounds;
    const courses = this.members.map((member) => member.smoothedBy(weight));
    const bounds: Bounds = { low: new Column(), high: new Column() };
    for (let at = 0; at < this.members[0].y.length; at++) {
      const values = courses.map((course) => course.at(at));
      bounds.low.append(Math.min(...values));
      bounds.high.append(Math.max(...values));
    }
    this.last = { weight, bounds };
    return bounds;
  }
}
