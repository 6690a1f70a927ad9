import { memo, useId } from 'react';
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import type { ChartLine } from './chart-line.ts';
import { dotsPath, linePath, rangePath } from './path.ts';

interface ChartCurvesProps {
  lines: readonly ChartLine[];
  from: number;
  to: number;
  /** Not read: a new number says that the series have grown. */
  revision: number;
}

/** Room for one dot, in pixels. */
const DOT_PITCH = 8;

/**
 * Lines of a chart as plain paths inside of Recharts' scales: ten times as fast as `<Line>`, since at most one bucket
 * for every second pixel is drawn, however many steps there are.
 */
export const ChartCurves = memo(function ChartCurves({ lines, from, to }: ChartCurvesProps) {
  const clip = useId();
  const plot = usePlotArea();
  const scaleX = useXAxisScale();
  const scaleY = useYAxisScale();
  if (plot === undefined || scaleX === undefined || scaleY === undefined) return null;
  const curveBuckets = Math.max(1, Math.floor(plot.width / 2));
  const dotBuckets = Math.max(1, Math.floor(plot.width / DOT_PITCH));
  return (
    <g clipPath={`url(#${clip})`} fill="none" strokeLinejoin="round" strokeLinecap="round">
      <clipPath id={clip}>
        <rect x={plot.x} y={plot.y - 4} width={plot.width + 4} height={plot.height + 4} />
      </clipPath>
      {lines
        .filter(({ style }) => style === 'curve')
        .map(({ name, series, color }) => (
          <path
            key={name}
            className="curve-raw"
            stroke={color}
            d={rangePath(series.bucketedRaw(from, to, curveBuckets), scaleX, scaleY)}
          />
        ))}
      {lines.map(({ name, series, color, style, dash }) =>
        style === 'curve' ? (
          <path
            key={name}
            className="curve"
            stroke={color}
            strokeDasharray={dash}
            d={linePath(series.bucketedSmooth(from, to, curveBuckets), scaleX, scaleY)}
          />
        ) : (
          <path
            key={name}
            className="curve-dots"
            fill={color}
            d={dotsPath(series.bucketedRaw(from, to, dotBuckets), scaleX, scaleY)}
          />
        ),
      )}
    </g>
  );
});
