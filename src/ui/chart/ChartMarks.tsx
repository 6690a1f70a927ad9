import { memo } from 'react';
import { usePlotArea, useXAxisScale } from 'recharts';
import type { ChartMark } from './chart-line.ts';

/** Upright lines at what happened to a run, each named at its foot, where curves seldom are at that time. */
export const ChartMarks = memo(function ChartMarks({ marks }: { marks: readonly ChartMark[] }) {
  const plot = usePlotArea();
  const scaleX = useXAxisScale();
  if (plot === undefined || scaleX === undefined) return null;
  return (
    <g className="mark">
      {marks.map(({ name, x }) => {
        const px = scaleX(x) ?? NaN;
        if (!(px >= plot.x && px <= plot.x + plot.width)) return null;
        const beyondMiddle = px > plot.x + plot.width / 2;
        return (
          <g key={`${name} ${x}`}>
            <line x1={px} x2={px} y1={plot.y} y2={plot.y + plot.height} />
            <text
              x={px + (beyondMiddle ? -4 : 4)}
              y={plot.y + plot.height - 18}
              textAnchor={beyondMiddle ? 'end' : 'start'}
            >
              {name}
            </text>
          </g>
        );
      })}
    </g>
  );
});
