import { memo } from 'react';
import { usePlotArea } from 'recharts';

/** From the axis line down to the baseline of the title, past the tick labels. */
const BELOW = 34;
/** From the top of the plot up to the baseline of the title. */
const ABOVE = 8;

/** What the axes measure, as text of the drawing: level, so that both can be read without turning one's head. */
export const AxisTitles = memo(function AxisTitles({ x, y }: { x: string; y: string }) {
  const plot = usePlotArea();
  if (plot === undefined) return null;
  return (
    <g className="axis-title">
      <text x={2} y={plot.y - ABOVE}>
        {y}
      </text>
      <text x={plot.x + plot.width} y={plot.y + plot.height + BELOW} textAnchor="end">
        {x}
      </text>
    </g>
  );
});
