import { useEffect, useMemo, useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import { useSize } from '../chart/use-size.ts';
import type { Capture } from '../state/inspection.ts';
import { fitCanvas } from './bitmap.ts';
import { drawMap, MAP_MARGIN, plotSize } from './draw-map.ts';
import type { Viewport } from './draw-map.ts';
import { cellAt } from './map-cell.ts';
import type { MapPoint } from './map-cell.ts';
import { MapCellReadout } from './MapCellReadout.tsx';
import type { Position } from './position.ts';
import type { Stream } from './scene.ts';
import { movedBy } from './viewport.ts';

export interface MapPictureProps {
  capture: Capture;
  stream: Stream;
  /** What to subtract; null for the weights themselves. */
  before: Stream | null;
  position: Position;
  query: number;
  /** What is drawn, a pixel for each weight. */
  image: HTMLCanvasElement;
  /** Which head it is of. */
  name: string;
  viewport: Viewport;
  onViewport(viewport: Viewport): void;
  onHover(query: number): void;
  onGo(change: Partial<Position>): void;
}

/** Pixels that a pressed pointer moves before it pans. */
const DRAG = 4;

/** The picture of a map, at the size that there is, and what is under the pointer. */
export function MapPicture(props: MapPictureProps) {
  const { capture, stream, before, position, query, image, name, viewport, onViewport, onHover, onGo } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(frame);
  // The point and not its cell, which is another one as soon as a key changes hierarchy or view.
  const [point, setPoint] = useState<MapPoint | null>(null);
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const { geometry, band } = stream;
  const { view, mask } = position;
  const bytes = capture.inspection.text.length;
  const span = band?.span ?? 1;
  const cell = useMemo(() => point && cellAt(geometry, span, bytes, view, point), [geometry, span, bytes, view, point]);

  useEffect(() => {
    if (canvas.current === null || size === null) return;
    const context = fitCanvas(canvas.current, size.width, size.height);
    if (context === null) return;
    const ink = getComputedStyle(canvas.current).color;
    const map = { image, geometry, span, bytes, view, mask, viewport, query, cell, ink };
    drawMap(context, size.width, size.height, map);
  }, [image, size, geometry, span, bytes, view, mask, viewport, query, cell]);

  const pointUnder = (event: PointerEvent): MapPoint => {
    const box = canvas.current!.getBoundingClientRect();
    const plot = plotSize(box.width, box.height);
    return {
      x: viewport.x + ((event.clientX - box.left - MAP_MARGIN.left) / plot.width) * viewport.size,
      y: viewport.y + ((event.clientY - box.top - MAP_MARGIN.top) / plot.height) * viewport.size,
    };
  };
  const queryAt = (at: MapPoint): number => cellAt(geometry, span, bytes, view, at).query;
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    const from = drag.current;
    if (from !== null && viewport.size < 1) {
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (from.moved || Math.hypot(dx, dy) > DRAG) {
        const plot = plotSize(event.currentTarget.clientWidth, event.currentTarget.clientHeight);
        onViewport(movedBy(viewport, -dx / plot.width, -dy / plot.height));
        drag.current = { x: event.clientX, y: event.clientY, moved: true };
        return;
      }
    }
    const under = pointUnder(event);
    setPoint(under);
    if (position.query === null) onHover(queryAt(under));
  };
  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (drag.current?.moved === false) onGo({ query: queryAt(pointUnder(event)) });
    drag.current = null;
  };
  return (
    <>
      <div
        ref={frame}
        className="map-frame"
        data-query={query}
        data-view={view}
        data-compared={before !== null || undefined}
        role="application"
        aria-label={`Map of ${name}. ${KEYS}`}
        tabIndex={0}
      >
        <canvas
          ref={canvas}
          className="map"
          data-zoomed={viewport.size < 1 || undefined}
          onPointerDown={(event) => {
            drag.current = { x: event.clientX, y: event.clientY, moved: false };
          }}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerCancel={() => {
            drag.current = null;
          }}
          onPointerLeave={() => {
            drag.current = null;
            setPoint(null);
          }}
        />
      </div>
      <MapCellReadout {...{ capture, layer: position.layer, stream, before, cell }} />
    </>
  );
}

const KEYS =
  'Arrow left and right move the query, arrow up and down the layer; the row’s weights are in the table below.';
