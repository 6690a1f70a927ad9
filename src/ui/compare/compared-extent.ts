import type { ChartLine } from '../chart/chart-line.ts';
import { extentWithin } from '../chart/extent-within.ts';
import { endOf, xAt } from '../chart/placement.ts';
import { joinExtents } from '../chart/y-axis.ts';
import type { Extent } from '../chart/y-axis.ts';
import type { Span } from '../state/chart-view.ts';

/** How much of its course a run falls steeply for, which is no difference between runs. */
const STEEP_PART = 1 / 5;
/**
 * A little more than the 8 bits for a byte of which nothing is known, which is where a run begins. One that ends above it has
 * come apart; of one that has been there no more is shown.
 */
const TOP = 8.5;
/** A run that ends this many times the height of all others above them would make them one line. */
const FAR = 2;

interface Course {
  name: string;
  extent: Extent;
  last: number;
}

/** What the axis of a comparison has to show, and the names of runs that end far above it. */
export interface Compared {
  extent: Extent | null;
  above: readonly string[];
}

/**
 * Losses of several runs, fitted to where they differ: not to the first steps, which are all alike, and not to a run that
 * has come apart as long as there is one that has not. In a part of the x axis, to all that is seen there.
 */
export function comparedExtent(lines: readonly ChartLine[], smoothing: number, zoom: Span | null): Compared {
  const courses = lines.flatMap((line) => courseOf(line, smoothing, zoom) ?? []).sort((a, b) => a.last - b.last);
  const sound = courses.filter(({ last }) => last <= TOP);
  if (sound.length === 0) return { extent: joinExtents(courses.map(({ extent }) => extent)), above: [] };
  // Of two runs both are what one wants to see.
  while (sound.length > 2 && isFarAbove(sound[sound.length - 1], sound.slice(0, -1))) sound.pop();
  const { min, max, minPositive } = joinExtents(sound.map(({ extent }) => extent))!;
  return {
    extent: { min, max: Math.min(max, TOP), minPositive },
    above: courses.filter((course) => !sound.includes(course)).map(({ name }) => name),
  };
}

function isFarAbove({ last }: Course, others: readonly Course[]): boolean {
  const { min, max } = joinExtents(others.map(({ extent }) => extent))!;
  return last > max + FAR * (max - min);
}

function courseOf(line: ChartLine, smoothing: number, zoom: Span | null): Course | null {
  if (line.at.column.length === 0) return null;
  const first = xAt(line.at, 0);
  const end = endOf(line.at);
  const span = zoom ?? { from: first + STEEP_PART * (end - first), to: end };
  const extent = extentWithin(line, span, smoothing);
  return extent === null ? null : { name: line.name, extent, last: extent.last };
}
