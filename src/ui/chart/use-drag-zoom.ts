import { useRef } from 'react';
import type { PointerEvent, RefObject } from 'react';
import { WHOLE } from '../state/chart-view.ts';
import type { XUnit } from '../state/chart-view.ts';
import { useChartView } from './use-chart-view.ts';
import { between } from './zoom.ts';

/** A pointer that has moved by less has clicked. */
const LEAST_PIXELS = 8;

interface DragParts {
  plot: { x: number; width: number } | undefined;
  /** x at a pixel of the drawing. */
  xAtPixel(px: number): number;
  /** Shows what has been dragged over. */
  band: RefObject<SVGRectElement | null>;
  unit: XUnit;
  /** Where the whole x axis ends. */
  end: number;
}

/** Dragging over a chart looks closer at what was dragged over; a double click shows the whole run. Renders nothing meanwhile. */
export function useDragZoom({ plot, xAtPixel, band, unit, end }: DragParts) {
  const [, change] = useChartView();
  const start = useRef<number | null>(null);
  const pixelOf = (event: PointerEvent<SVGRectElement>): number => {
    const { x = 0, width = 0 } = plot ?? {};
    const inside = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return x + Math.min(width, Math.max(0, inside));
  };
  const show = (from: number, to: number): void => {
    band.current?.setAttribute('x', Math.min(from, to).toFixed(1));
    band.current?.setAttribute('width', Math.abs(to - from).toFixed(1));
  };
  const stop = (): void => {
    start.current = null;
    show(0, 0);
  };
  return {
    pixelOf,
    onPointerDown(event: PointerEvent<SVGRectElement>): void {
      if (event.button !== 0) return;
      start.current = pixelOf(event);
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    /** What has been dragged over so far. */
    onPointerMove(event: PointerEvent<SVGRectElement>): void {
      if (start.current !== null) show(start.current, pixelOf(event));
    },
    onPointerUp(event: PointerEvent<SVGRectElement>): void {
      const from = start.current;
      const to = pixelOf(event);
      stop();
      if (from === null || Math.abs(to - from) < LEAST_PIXELS) return;
      const zoom = between(xAtPixel(from), xAtPixel(to), unit, end);
      if (zoom !== null) change(() => ({ zoom }));
    },
    onPointerCancel: stop,
    onDoubleClick: (): void => change(() => WHOLE),
  };
}
