import { useEffect, useRef } from 'react';
import type { PointerEvent } from 'react';
import { usePlotArea, useXAxisInverseScale, useXAxisScale } from 'recharts';
import { useSession } from '../session.ts';
import { nearest } from './search.ts';

/** The crosshair. Moving it changes one line on each chart and renders nothing. */
export function HoverLayer() {
  const { hover, curves } = useSession();
  const plot = usePlotArea();
  const scale = useXAxisScale();
  const inverse = useXAxisInverseScale();
  const line = useRef<SVGGElement>(null);

  useEffect(() => {
    const move = (): void => {
      const { step } = hover.getState();
      const x = step === null ? undefined : scale?.(step);
      const inside = x !== undefined && plot !== undefined && x >= plot.x && x <= plot.x + plot.width;
      line.current?.setAttribute('visibility', inside ? 'visible' : 'hidden');
      if (!inside) return;
      line.current?.setAttribute('transform', `translate(${x.toFixed(1)} 0)`);
      const text = line.current?.querySelector('text');
      if (!text) return;
      text.textContent = `step ${step}`;
      const beyondMiddle = x > plot.x + plot.width / 2;
      text.setAttribute('text-anchor', beyondMiddle ? 'end' : 'start');
      text.setAttribute('x', beyondMiddle ? '-5' : '5');
    };
    move();
    return hover.subscribe(move);
  }, [hover, scale, plot]);

  if (plot === undefined || inverse === undefined) return null;
  const onPointerMove = (event: PointerEvent<SVGRectElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const { step } = curves.getState().metrics;
    const index = nearest(step, Number(inverse(plot.x + event.clientX - box.left)));
    hover.setState({ step: index < 0 ? null : step.at(index) });
  };
  return (
    <g>
      <g ref={line} className="crosshair" visibility="hidden">
        <line y1={plot.y} y2={plot.y + plot.height} />
        <text y={plot.y + plot.height - 5} />
      </g>
      <rect
        className="hover-target"
        x={plot.x}
        y={plot.y}
        width={plot.width}
        height={plot.height}
        onPointerMove={onPointerMove}
        onPointerLeave={() => hover.setState({ step: null })}
      />
    </g>
  );
}
