import type { Viewport } from './draw-map.ts';
import type { MapView } from './position.ts';

export const WHOLE: Viewport = { x: 0, y: 0, size: 1 };

/** The viewport moved by shares of its own width and height, within the map. */
export function movedBy({ x, y, size }: Viewport, dx: number, dy: number): Viewport {
  return { x: within(x + dx * size, size), y: within(y + dy * size, size), size };
}

/** A viewport of another size around the row at `place` of the height; near keys stay in sight. */
export function zoomedTo({ x }: Viewport, size: number, view: MapView, place: number): Viewport {
  if (size >= 1) return WHOLE;
  const left = view === 'abs' ? place - 0.75 * size : x;
  return { x: within(left, size), y: within(place - size / 2, size), size };
}

function within(from: number, size: number): number {
  return Math.max(0, Math.min(1 - size, from));
}
