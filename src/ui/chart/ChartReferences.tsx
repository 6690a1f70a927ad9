import { memo } from 'react';
import { usePlotArea, useYAxisScale } from 'recharts';
import { useCurves } from '../session.ts';
import type { Span } from '../state/chart-view.ts';
import type { ChartLine, ChartReference } from './chart-line.ts';
import { extentWithin } from './extent-within.ts';
import { labelPlaces } from './label-places.ts';

interface Props {
  references: readonly ChartReference[];
  /** The most important curve, whose end names keep away from. */
  line: ChartLine | undefined;
  /** Weight of its moving average. */
  smoothing: number;
  /** The part of the x axis that is looked at; null for the whole run. */
  zoom: Span | null;
}

/** The way back to the whole run covers the upper right corner. */
const BELOW_BUTTON = 22;

/** Dotted lines across the chart, each named at its right end. */
export const ChartReferences = memo(function ChartReferences({ references, line, smoothing, zoom }: Props) {
  // Renders when the curve has grown.
  useCurves();
  const plot = usePlotArea();
  const scaleY = useYAxisScale();
  if (plot === undefined || scaleY === undefined) return null;
  const bottom = plot.y + plot.height;
  const shown = [...references]
    .sort((a, b) => b.y - a.y)
    .map(({ name, y }) => ({ name, y: scaleY(y) ?? NaN }))
    .filter(({ y }) => y >= plot.y && y <= bottom);
  const whole = line?.series.smoothedBy(smoothing).last;
  const last = zoom === null || line === undefined ? whole : extentWithin(line, zoom, smoothing)?.last;
  const labels = labelPlaces(
    shown.map(({ y }) => y),
    plot.y + (zoom === null ? 9 : BELOW_BUTTON),
    bottom - 4,
    scaleY(last ?? NaN) ?? NaN,
  );
  const placed = shown.map((reference, at) => ({ ...reference, labelY: labels[at] }));
  return (
    <g className="reference">
      {placed.map(({ name, y, labelY }) => (
        <g key={name}>
          <line x1={plot.x} x2={plot.x + plot.width} y1={y} y2={y} />
          <text x={plot.x + plot.width - 4} y={labelY} textAnchor="end">
            {name}
          </text>
        </g>
      ))}
    </g>
  );
});
