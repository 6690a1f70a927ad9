import type { Span, XUnit } from '../state/chart-view.ts';

/** A look closer than this part of a run shows a handful of values at most. */
const SMALLEST_PART = 1e-4;
const FEWEST_STEPS = 2;

/** The part of an axis that ends at `end` which is looked at; null for all of it, or where there is nothing to see. */
export function shownZoom(zoom: Span | null, end: number): Span | null {
  return zoom !== null && zoom.from < end ? zoom : null;
}

/** What lies between two places of an axis, in whole steps where it counts them; null where that is too little. */
export function between(a: number, b: number, unit: XUnit, end: number): Span | null {
  const round = (x: number): number => (unit === 'step' ? Math.round(x) : x);
  const from = round(Math.max(0, Math.min(a, b)));
  const to = round(Math.max(a, b));
  return to - from < leastWidth(unit, end) ? null : { from, to };
}

/** Half of what is shown, about a place in it. */
export function closer(shown: Span, about: number, unit: XUnit, end: number): Span {
  return scaled(shown, about, 1 / 2, unit, end) ?? shown;
}

/** Twice as much as is shown; null for the whole axis. */
export function wider(shown: Span, about: number, unit: XUnit, end: number): Span | null {
  const span = scaled(shown, about, 2, unit, end);
  return span === null || (span.from <= 0 && span.to >= end) ? null : span;
}

/** `about` stays where it is on the chart, as far as the ends of the axis let it. */
function scaled({ from, to }: Span, about: number, by: number, unit: XUnit, end: number): Span | null {
  const place = Math.min(1, Math.max(0, (about - from) / (to - from)));
  const width = Math.min((to - from) * by, Math.max(end, to));
  const start = Math.max(0, Math.min(from + place * (to - from) - place * width, Math.max(end, to) - width));
  return between(start, start + width, unit, end);
}

function leastWidth(unit: XUnit, end: number): number {
  return Math.max(SMALLEST_PART * end, unit === 'step' ? FEWEST_STEPS : 0);
}
