import { memo } from 'react';
import { usePlotArea, useYAxisScale } from 'recharts';
import type { ChartReference } from './chart-line.ts';

/** Labels closer than this would run into each other. */
const LABEL_HEIGHT = 13;

/** Dotted lines across the chart, each named at its right end. */
export const ChartReferences = memo(function ChartReferences({
  references,
}: {
  references: readonly ChartReference[];
}) {
  const plot = usePlotArea();
  const scaleY = useYAxisScale();
  if (plot === undefined || scaleY === undefined) return null;
  let nextFree = -Infinity;
  const placed = [...references]
    .sort((a, b) => b.y - a.y)
    .map(({ name, y }) => ({ name, y: scaleY(y) ?? NaN }))
    .filter(({ y }) => y >= plot.y && y <= plot.y + plot.height)
    .map(({ name, y }) => {
      const labelY = Math.max(y - 4, nextFree, plot.y + 9);
      nextFree = labelY + LABEL_HEIGHT;
      return { name, y, labelY };
    });
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
