import { Column } from './column.ts';
import { nearest } from './search.ts';
import { Smoother } from './smoothing.ts';
import type { Extent } from './y-axis.ts';

/** Weight of the moving average where nobody chose one: calm, and no more than six steps behind. */
const SMOOTHING = 0.85;
/** Courses kept beside the usual one, of the weights that were asked for last. */
const KEPT_COURSES = 2;

/** One measured quantity over steps: raw values and their smoothed courses. */
export class Series {
  /** Steps; shared by all series that are measured at the same ones. */
  readonly x: Column;
  readonly y = new Column();
  private readonly usual: number;
  private readonly courses = new Map<number, Course>();

  constructor(x: Column, smoothing = SMOOTHING) {
    this.x = x;
    this.usual = smoothing;
  }

  /** Smoothed as usual on every value, and only then decimated. */
  get smoothed(): Column {
    return this.smoothedBy(this.usual);
  }

  /** Smoothed by any weight; 0 gives the values themselves. */
  smoothedBy(weight: number): Column {
    return this.course(weight).update(this.x, this.y);
  }

  /** Of the values smoothed by `weight`: single spikes do not stretch an axis. Null before the first value. */
  extentBy(weight: number): Extent | null {
    const course = this.course(weight);
    return course.extent.update(course.update(this.x, this.y));
  }

  /** The value measured nearest to a step, exact; null when nothing is measured yet. */
  near(step: number): { x: number; raw: number; smoothed: number } | null {
    const index = nearest(this.x, step);
    if (index < 0 || index >= this.y.length) return null;
    return { x: this.x.at(index), raw: this.y.at(index), smoothed: this.smoothed.at(index) };
  }

  private course(weight: number): Course {
    const known = this.courses.get(weight);
    if (known !== undefined) return known;
    const others = [...this.courses.keys()].filter((key) => key !== this.usual);
    if (others.length >= KEPT_COURSES) this.courses.delete(others[0]);
    const course = new Course(weight);
    this.courses.set(weight, course);
    return course;
  }
}

/** A series as one weight smooths it. */
class Course {
  readonly extent = new GrowingExtent();
  private readonly smoother: Smoother | null;

  constructor(weight: number) {
    this.smoother = weight === 0 ? null : new Smoother(weight);
  }

  update(x: Column, y: Column): Column {
    return this.smoother === null ? y : this.smoother.update(x, y);
  }
}

/** Smallest and largest value of a growing column. */
class GrowingExtent {
  private min = Infinity;
  private max = -Infinity;
  private minPositive = Infinity;
  private read = 0;

  update(values: Column): Extent | null {
    for (; this.read < values.length; this.read++) {
      const value = values.at(this.read);
      if (!Number.isFinite(value)) continue;
      this.min = Math.min(this.min, value);
      this.max = Math.max(this.max, value);
      if (value > 0) this.minPositive = Math.min(this.minPositive, value);
    }
    return this.min > this.max ? null : { min: this.min, max: this.max, minPositive: this.minPositive };
  }
}
