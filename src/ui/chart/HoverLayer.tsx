import { useEffect, useRef } from 'react';
import type { PointerEvent } from 'react';
import { usePlotArea, useXAxisInverseScale, useXAxisScale } from 'recharts';
import { useSession } from '../session.ts';
import type { XUnit } from '../state/chart-view.ts';
import type { ChartLine } from './chart-line.ts';
import { nearestTo, xAt } from './placement.ts';
import { useDragZoom } from './use-drag-zoom.ts';
import { xAxes } from './x-axis.ts';

/** From the axis line down to the baseline of the hint, which is level with the title of the axis. */
const HINT_BELOW = 34;

interface HoverLayerProps {
  lines: readonly ChartLine[];
  x: XUnit;
  /** Where the whole x axis ends. */
  end: number;
  zoomed: boolean;
}

/** The crosshair, and dragging for a closer look. Moving it changes one line on each chart and renders nothing. */
export function HoverLayer({ lines, x: unit, end, zoomed }: HoverLayerProps) {
  const { hover } = useSession();
  const plot = usePlotArea();
  const scale = useXAxisScale();
  const inverse = useXAxisInverseScale();
  const line = useRef<SVGGElement>(null);
  const band = useRef<SVGRectElement>(null);
  const { pixelOf, ...drag } = useDragZoom({ plot, xAtPixel: (px) => Number(inverse?.(px)), band, unit, end });

  useEffect(() => {
    const move = (): void => {
      const { x } = hover.getState();
      const px = x === null ? undefined : scale?.(x);
      const inside = px !== undefined && plot !== undefined && px >= plot.x && px <= plot.x + plot.width;
      line.current?.setAttribute('visibility', inside ? 'visible' : 'hidden');
      if (!inside || x === null) return;
      line.current?.setAttribute('transform', `translate(${px.toFixed(1)} 0)`);
      const text = line.current?.querySelector('text');
      if (!text) return;
      text.textContent = crosshairText(lines, unit, x);
      const beyondMiddle = px > plot.x + plot.width / 2;
      text.setAttribute('text-anchor', beyondMiddle ? 'end' : 'start');
      text.setAttribute('x', beyondMiddle ? '-5' : '5');
    };
    move();
    return hover.subscribe(move);
  }, [hover, scale, plot, lines, unit]);

  if (plot === undefined || inverse === undefined) return null;
  const follow = (event: PointerEvent<SVGRectElement>): void =>
    hover.setState({ x: measuredNear(lines, Number(inverse(pixelOf(event)))) });
  return (
    <g className="hover">
      <g ref={line} className="crosshair" visibility="hidden">
        <line y1={plot.y} y2={plot.y + plot.height} />
        <text y={plot.y + plot.height - 5} />
      </g>
      <rect ref={band} className="zoom-band" y={plot.y} width={0} height={plot.height} />
      <text className="zoom-hint" x={plot.x} y={plot.y + plot.height + HINT_BELOW}>
        {zoomed ? 'double click: whole run' : 'drag to zoom'}
      </text>
      <rect
        className="hover-target"
        x={plot.x}
        y={plot.y}
        width={plot.width}
        height={plot.height}
        {...drag}
        onPointerDown={(event) => {
          // A finger that only touches reads, too.
          follow(event);
          drag.onPointerDown(event);
        }}
        onPointerMove={(event) => {
          follow(event);
          drag.onPointerMove(event);
        }}
        onPointerLeave={() => hover.setState({ x: null })}
      />
    </g>
  );
}

/** The x nearest to a place at which some line was measured; null when none was. */
function measuredNear(lines: readonly ChartLine[], x: number): number | null {
  let best: number | null = null;
  for (const { at } of lines) {
    const index = nearestTo(at, x);
    if (index < 0) continue;
    const measured = xAt(at, index);
    if (best === null || Math.abs(measured - x) < Math.abs(best - x)) best = measured;
  }
  return best;
}

/** Where the crosshair is, and which step of the first line that is when the axis does not say. */
function crosshairText(lines: readonly ChartLine[], unit: XUnit, x: number): string {
  const place = xAxes[unit].exact(x);
  if (unit === 'step') return place;
  const first = lines.find(({ at }) => at.column.length > 0);
  return first === undefined ? place : `${place}, step ${first.series.x.at(nearestTo(first.at, x))}`;
}
