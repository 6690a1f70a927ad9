import { memo, useState } from 'react';
import type { ReactNode } from 'react';
import { BucketCache } from './buckets.ts';
import type { ChartLine } from './chart-line.ts';
import { areaFill } from './Swatch.tsx';
import { lastAtMost } from './search.ts';
import { areaPath, bandPath, dotsPath, linePath, rangePath } from './path.ts';
import type { Scale } from './path.ts';

interface CurveProps {
  line: ChartLine;
  plot: { x: number; y: number; width: number; height: number };
  scaleX: Scale;
  scaleY: Scale;
  from: number;
  to: number;
  smoothing: number;
  /** Values that can be drawn. Not read: another number says that there are new ones. */
  count: number;
}

/** Room for one dot, in pixels. */
const DOT_PITCH = 8;

/** One line, with buckets of its own: a series may be on several charts of different widths. */
export const Curve = memo(function Curve({ line, plot, scaleX, scaleY, from, to, smoothing }: CurveProps) {
  const [caches] = useState(() => ({
    raw: new BucketCache(),
    smooth: new BucketCache(),
    low: new BucketCache(),
    high: new BucketCache(),
  }));
  const { at, color, style, dash, band } = line;
  const series = line.drawn ?? line.series;
  const [start, end] = drawnSpan(at, from, to);
  const placed: Scale = (x) => scaleX(x * at.scale);
  const curveBuckets = Math.max(1, Math.floor(plot.width / 2));
  const dotBuckets = Math.max(1, Math.floor(plot.width / DOT_PITCH));
  const bandBetween = (weight: number, count: number): ReactNode => {
    if (band === undefined) return null;
    const { low, high } = band.boundsBy(weight);
    const bounds = [
      caches.low.update(at.column, low, start, end, count),
      caches.high.update(at.column, high, start, end, count),
    ];
    return <path className="curve-band" fill={color} d={bandPath(bounds[0], bounds[1], placed, scaleY)} />;
  };
  if (style === 'dots' || style === 'joined') {
    const buckets = caches.raw.update(at.column, series.y, start, end, dotBuckets);
    return (
      <>
        {bandBetween(0, dotBuckets)}
        {style === 'joined' && (
          <path className="curve" stroke={color} strokeDasharray={dash} d={linePath(buckets, placed, scaleY)} />
        )}
        <path className="curve-dots" fill={color} d={dotsPath(buckets, placed, scaleY)} />
      </>
    );
  }
  if (style === 'faint') {
    const buckets = caches.raw.update(at.column, series.y, start, end, dotBuckets);
    return <path className="curve-faint" stroke={color} strokeDasharray={dash} d={linePath(buckets, placed, scaleY)} />;
  }
  const raw = (): string => rangePath(caches.raw.update(at.column, series.y, start, end, curveBuckets), placed, scaleY);
  const smooth = caches.smooth.update(
    at.column,
    series.smoothedBy(style === 'exact' ? 0 : smoothing),
    start,
    end,
    curveBuckets,
  );
  // Without smoothing the noise is the line, and its spikes are kept.
  const d = style === 'exact' || (smoothing === 0 && style !== 'area') ? raw() : linePath(smooth, placed, scaleY);
  return (
    <>
      {bandBetween(style === 'exact' ? 0 : smoothing, curveBuckets)}
      {style === 'area' && <path fill={areaFill(color)} d={areaPath(smooth, placed, scaleY, plot.y + plot.height)} />}
      {style === 'curve' && smoothing > 0 && <path className="curve-raw" stroke={color} d={raw()} />}
      <path className={style === 'area' ? 'curve-edge' : 'curve'} stroke={color} strokeDasharray={dash} d={d} />
    </>
  );
});

/** What is drawn of a line: from the value before `from` to the one after `to`, so that it leaves the chart at both sides. */
function drawnSpan({ column, scale }: ChartLine['at'], from: number, to: number): [start: number, end: number] {
  // Rounding must not leave out the last value.
  const end = (to / scale) * (1 + 1e-12);
  if (from <= 0) return [0, end];
  const before = lastAtMost(column, from / scale);
  const after = lastAtMost(column, end) + 1;
  return [before < 0 ? from / scale : column.at(before), after < column.length ? column.at(after) : end];
}
