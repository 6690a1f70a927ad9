import { memo } from 'react';
import { usePlotArea, useYAxisScale } from 'recharts';
import { useCurves } from '../session.ts';
import type { ChartLine, ChartReference } from './chart-line.ts';
import { labelPlaces } from './label-places.ts';

interface Props {
  references: readonly ChartReference[];
  /** The most important curve, whose end names keep away from. */
  line: ChartLine | undefined;
  /** Weight of its moving average. */
  smoothing: number;
}

/** Dotted lines across the chart, each named at its right end. */
export const ChartReferences = memo(function ChartReferences({ references, line, smoothing }: Props) {
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
  const labels = labelPlaces(
    shown.map(({ y }) => y),
    plot.y + 9,
    bottom - 4,
    scaleY(line?.series.smoothedBy(smoothing).last ?? NaN) ?? NaN,
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
