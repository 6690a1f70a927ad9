import { memo, useMemo } from 'react';
import type { Inspection } from '../../protocol/inspection.ts';
import { hueOf } from '../hue.ts';
import { byteCells } from './byte-cells.ts';
import { CellLabel } from './CellLabel.tsx';
import type { StreamLane } from './scene.ts';
import { axisStep, barsPath, letterSize } from './stage-layout.ts';
import type { StageLayout } from './stage-layout.ts';

interface PassageRowsProps {
  inspection: Inspection;
  lanes: readonly Pick<StreamLane, 'hierarchy' | 'geometry' | 'lost'>[];
  layout: StageLayout;
  width: number;
}

/** Bytes between labels, at least. */
const LEAST_TICKS = 4;
/** Bits at which a bar is full: what a byte costs without a model, and as much as a hierarchy is hardly ever worth. */
const MOST_COST = 8;
const MOST_WORTH = 4;

/** What does not change with the query: axis, passage, what each byte costs, and what each hierarchy is worth there. */
export const PassageRows = memo(
  function PassageRows({ inspection, lanes, layout, width }: PassageRowsProps) {
    const { text, bits } = inspection;
    const cells = useMemo(() => byteCells(text), [text]);
    const step = axisStep(width, LEAST_TICKS);
    const ticks = Array.from({ length: Math.ceil(text.length / step) }, (_, at) => at * step);
    const cost = { width, base: layout.costTop + layout.costHeight, most: layout.costHeight, top: MOST_COST };
    const fontSize = letterSize(width);
    return (
      <g className="passage-rows">
        {ticks.map((byte) => (
          <g key={byte} className="byte-tick">
            <line x1={byte * width} x2={byte * width} y1={12} y2={layout.axisBottom} />
            <text x={byte * width + 3} y={12}>
              {byte}
            </text>
          </g>
        ))}
        <g className="passage-text" fontSize={fontSize}>
          {cells.map(({ start, end, label, kind }) => (
            <g key={start} data-byte={start} data-kind={kind}>
              <rect
                x={start * width}
                y={layout.textTop}
                width={(end - start + 1) * width}
                height={layout.textHeight}
                fill="none"
              />
              <CellLabel
                label={label}
                plain={kind === 'text'}
                x={((start + end + 1) / 2) * width}
                y={layout.textTop + layout.textHeight / 2}
                width={(end - start + 1) * width}
                height={layout.textHeight}
                fontSize={fontSize}
              />
            </g>
          ))}
        </g>
        <path className="cost-bars" d={barsPath(bits, cost, 1)} />
        {lanes.map(({ hierarchy, geometry: { factor }, lost }) => {
          if (lost === null) return null;
          const base = layout.worthTop(hierarchy) + layout.worthHeight / 2;
          const scale = { width, base, most: layout.worthHeight / 2, top: MOST_WORTH };
          return (
            <g key={hierarchy} style={{ '--hue': hueOf(factor) }}>
              <line className="worth-base" x1={0} x2={text.length * width} y1={base} y2={base} />
              <path className="saves" d={barsPath(lost, scale, 1)} />
              <path className="costs" d={barsPath(lost, scale, -1)} />
            </g>
          );
        })}
      </g>
    );
  },
  // Lanes are new for every query; what is drawn of them here is not.
  (a, b) =>
    a.inspection === b.inspection &&
    a.layout === b.layout &&
    a.width === b.width &&
    a.lanes.every(({ lost }, at) => lost === b.lanes[at]?.lost),
);
