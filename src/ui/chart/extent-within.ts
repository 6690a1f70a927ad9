import type { Span } from '../state/chart-view.ts';
import { isMeasured } from './chart-line.ts';
import type { ChartLine } from './chart-line.ts';
import { lastAtMost } from './search.ts';
import type { Series } from './series.ts';
import { joinExtents } from './y-axis.ts';
import type { Extent } from './y-axis.ts';

/** What a line is drawn through, and how much that is smoothed. */
function drawnBy({ series, drawn, style }: ChartLine, smoothing: number): [series: Series, weight: number] {
  return [drawn ?? series, isMeasured(style) ? 0 : smoothing];
}

/** The extent of some values, and the last of them. */
export interface ShownExtent extends Extent {
  last: number;
}

/** What a line shows with its band in a part of the x axis; null where it has no value there. */
export function extentWithin(line: ChartLine, { from, to }: Span, smoothing: number): ShownExtent | null {
  const [series, weight] = drawnBy(line, smoothing);
  const values = series.smoothedBy(weight);
  const bounds = line.band?.boundsBy(weight);
  const { column, scale } = line.at;
  // Rounding must not leave out a value at an end.
  const before = lastAtMost(column, (from / scale) * (1 - 1e-12));
  const last = Math.min(values.length - 1, lastAtMost(column, (to / scale) * (1 + 1e-12)));
  let [min, max, minPositive, end] = [Infinity, -Infinity, Infinity, NaN];
  for (let at = before + 1; at <= last; at++) {
    const value = values.at(at);
    if (!Number.isFinite(value)) continue;
    const low = bounds?.low.at(at) ?? value;
    end = value;
    min = Math.min(min, low);
    max = Math.max(max, bounds?.high.at(at) ?? value);
    if (value > 0) minPositive = Math.min(minPositive, low > 0 ? low : value);
  }
  return min > max ? null : { min, max, minPositive, last: end };
}

const EVERYWHERE: Span = { from: -Infinity, to: Infinity };

/** What some lines show, in a part of the x axis or at all. */
export function extentOfAll(lines: readonly ChartLine[], smoothing: number, zoom: Span | null): Extent | null {
  if (zoom !== null) return joinExtents(lines.map((line) => extentWithin(line, zoom, smoothing)));
  return joinExtents(
    lines.map((line) => {
      if (line.band !== undefined) return extentWithin(line, EVERYWHERE, smoothing);
      const [series, weight] = drawnBy(line, smoothing);
      return series.extentBy(weight);
    }),
  );
}
