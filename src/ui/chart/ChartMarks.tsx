import { memo } from 'react';
import { usePlotArea, useXAxisScale } from 'recharts';
import type { ChartMark } from './chart-line.ts';
import { markRows } from './mark-rows.ts';

const ROW = 14;

/** Upright lines at what happened to a run, each named at its foot, where curves seldom are at that time. */
export const ChartMarks = memo(function ChartMarks({ marks }: { marks: readonly ChartMark[] }) {
  const plot = usePlotArea();
  const scaleX = useXAxisScale();
  if (plot === undefined || scaleX === undefined) return null;
  const labels = marks
    .map(({ name, x }) => ({ name, x, px: scaleX(x) ?? NaN }))
    .filter(({ px }) => px >= plot.x && px <= plot.x + plot.width)
    .map((label) => ({ ...label, leftwards: label.px > plot.x + plot.width / 2 }));
  const rows = markRows(labels);
  return (
    <g className="mark">
      {labels.map(({ name, x, px, leftwards }, at) => (
        <g key={`${name} ${x}`}>
          <line x1={px} x2={px} y1={plot.y} y2={plot.y + plot.height} />
          <text
            x={px + (leftwards ? -4 : 4)}
            y={plot.y + plot.height - 18 - ROW * rows[at]}
            textAnchor={leftwards ? 'end' : 'start'}
          >
            {name}
          </text>
        </g>
      ))}
    </g>
  );
});
