import type { ChartLine } from '../chart/chart-line.ts';
import { extentOfAll } from '../chart/extent-within.ts';
import { joinExtents } from '../chart/y-axis.ts';
import type { Extent } from '../chart/y-axis.ts';
import type { Span } from '../state/chart-view.ts';

/** The axis of the main chart ends here unless a curve is above or below. */
const USUAL_TOP = 8.5;
const USUAL_BOTTOM = 2;
/** Training and validation of the present run come first. */
const OWN_LINES = 2;

/** All of the present run; of pinned ones what lies on the usual axis, so that one that has come apart flattens nothing. */
export function presentFirst(lines: readonly ChartLine[], smoothing: number, zoom: Span | null): Extent | null {
  const pinned = extentOfAll(lines.slice(OWN_LINES), smoothing, zoom);
  const usual = pinned !== null && pinned.min < USUAL_TOP ? { ...pinned, max: Math.min(pinned.max, USUAL_TOP) } : null;
  return joinExtents([extentOfAll(lines.slice(0, OWN_LINES), smoothing, zoom), usual]);
}

/** Ends of its linear axis: the usual ones while everything lies between them, also the best possible where that is known. */
export function bitsRange(extent: Extent | null, floor = USUAL_BOTTOM): [number, number] {
  return [
    Math.max(0, Math.floor(Math.min(USUAL_BOTTOM, floor, extent?.min ?? USUAL_BOTTOM))),
    Math.ceil(2 * Math.max(USUAL_TOP, extent?.max ?? 0)) / 2,
  ];
}
