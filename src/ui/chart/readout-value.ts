import { isMeasured } from './chart-line.ts';
import type { ChartLine } from './chart-line.ts';
import { endOf, nearestTo, xAt } from './placement.ts';

/**
 * What a legend reads of a line at `x`, or at its latest where `x` is null: a value that is drawn, and of those the measured
 * one where the crosshair is. NaN where the line has ended.
 */
export function readoutValue({ series, at, style }: ChartLine, x: number | null, smoothing: number): number {
  const index = x === null ? series.y.length - 1 : nearestTo(at, x);
  if (index < 0 || index >= series.y.length || (x !== null && x > reach(at, style))) return NaN;
  const showsMeasured = isMeasured(style) || (style === 'curve' && x !== null);
  return (showsMeasured ? series.y : series.smoothedBy(smoothing)).at(index);
}

/** How far the last value is read: a line ends where it ends, a dot stands for as much to its right as to its left. */
function reach(at: ChartLine['at'], style: ChartLine['style']): number {
  // Rounding must not leave out the last value.
  if (style !== 'dots') return endOf(at) * (1 + 1e-12);
  const last = at.column.length - 1;
  const halfway = last === 0 ? 0 : (endOf(at) - xAt(at, last - 1)) / 2;
  return endOf(at) + halfway;
}
