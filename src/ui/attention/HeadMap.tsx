import { useEffect, useMemo, useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import { useSize } from '../chart/use-size.ts';
import type { Capture } from '../state/inspection.ts';
import { bitmapOf, fitCanvas } from './bitmap.ts';
import { drawMap, MAP_MARGIN, plotSize } from './draw-map.ts';
import { cellAt } from './map-cell.ts';
import type { MapPoint } from './map-cell.ts';
import { mapColors, mapRaster } from './map-image.ts';
import { MapCellReadout } from './MapCellReadout.tsx';
import { MapLegend } from './MapLegend.tsx';
import type { Position } from './position.ts';
import { headName } from './read-out.ts';
import type { Stream } from './scene.ts';
import { useDark } from './use-dark.ts';
import { movedBy, WHOLE, zoomedTo } from './viewport.ts';

interface HeadMapProps {
  capture: Capture;
  stream: Stream;
  /** What to subtract; null for the weights themselves. */
  before: Stream | null;
  position: Position;
  query: number;
  onHover(query: number): void;
  onGo(change: Partial<Position>): void;
}

/** Pixels that a pressed pointer moves before it pans. */
const DRAG = 4;

/** All queries of one head at once, as a picture. */
export function HeadMap({ capture, stream, before, position, query, onHover, onGo }: HeadMapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(frame);
  const dark = useDark();
  // The point and not its cell, which is another one as soon as a key changes hierarchy or view.
  const [point, setPoint] = useState<MapPoint | null>(null);
  const [viewport, setViewport] = useState(WHOLE);
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const { geometry, band } = stream;
  const { view, mask, layer } = position;
  const bytes = capture.inspection.text.length;
  const span = band?.span ?? 1;
  const cell = useMemo(() => point && cellAt(geometry, span, bytes, view, point), [geometry, span, bytes, view, point]);

  const isDifference = before !== null;
  const colors = useMemo(() => mapColors(isDifference, dark), [isDifference, dark]);
  const image = useMemo(() => {
    const raster = mapRaster(stream, before, bytes, { view, mask }, colors);
    return raster && bitmapOf(raster);
  }, [stream, before, bytes, view, mask, colors]);

  useEffect(() => {
    if (canvas.current === null || size === null || image === null) return;
    const context = fitCanvas(canvas.current, size.width, size.height);
    if (context === null) return;
    const ink = getComputedStyle(canvas.current).color;
    drawMap(context, size.width, size.height, {
      image,
      geometry,
      span,
      bytes,
      view,
      mask,
      viewport,
      query,
      cell,
      ink,
    });
  }, [image, size, geometry, span, bytes, view, mask, viewport, query, cell, dark]);

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
        setViewport(movedBy(viewport, -dx / plot.width, -dy / plot.height));
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
  const name = `${geometry.factor}×, layer ${layer + 1}, ${headName(stream.head)}`;
  const zoom = (factor: number): void => setViewport(zoomedTo(viewport, viewport.size / factor, view, query / bytes));
  return (
    <>
      <div className="panel-head">
        <h2 id="map-title">
          {name}{' '}
          <span className="unit">
            {before !== null && 'change from A to B, '}
            {view === 'dist' ? 'query byte down, bytes back across' : 'query byte down, key byte across'}
          </span>
        </h2>
        <span className="zoom">
          <button
            type="button"
            className="button quiet icon-only small"
            aria-label="Zoom out"
            disabled={viewport.size >= 1}
            onClick={() => zoom(0.5)}
          >
            −
          </button>
          <button
            type="button"
            className="button quiet icon-only small"
            aria-label="Zoom in on the query"
            disabled={viewport.size <= 1 / 8}
            onClick={() => zoom(2)}
          >
            +
          </button>
        </span>
      </div>
      {image === null ? (
        <p className="empty">The {geometry.factor}× hierarchy has no attention.</p>
      ) : (
        <>
          <div
            ref={frame}
            className="map-frame"
            data-query={query}
            data-view={view}
            data-compared={isDifference || undefined}
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
          <MapCellReadout {...{ capture, layer, stream, before, cell }} />
          <MapLegend colors={colors} isDifference={isDifference} />
        </>
      )}
    </>
  );
}

const KEYS =
  'Arrow left and right move the query, arrow up and down the layer; the row’s weights are in the table below.';
