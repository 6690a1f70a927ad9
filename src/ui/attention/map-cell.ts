import type { HierarchyGeometry } from '../../protocol/inspection.ts';
import { binAt, laneAt, tokenAt } from './lane-bins.ts';
import type { LaneBin } from './lane-bins.ts';
import type { MapView } from './position.ts';

/** A query byte and the key that a point of a map stands for; `bin` is null where there is no key of that phase. */
export interface MapCell {
  query: number;
  bin: LaneBin | null;
}

/** A point of a map, from 0 to 1. Which cell lies there changes with the hierarchy and the view. */
export interface MapPoint {
  x: number;
  y: number;
}

/** The cell at a point of a map. */
export function cellAt(
  geometry: HierarchyGeometry,
  span: number,
  bytes: number,
  view: MapView,
  { x, y }: MapPoint,
): MapCell {
  const query = rowByte(geometry, bytes, view, y);
  const lane = laneAt(geometry, query);
  if (view === 'abs') return { query, bin: binAt(lane, within(Math.floor(x * bytes), bytes)) };
  return { query, bin: lane.bins[within(Math.floor(x * span), span)] ?? null };
}

/** Where a query's row lies in a map, as a share of its height. */
export function rowPlace(geometry: HierarchyGeometry, bytes: number, view: MapView, query: number): [number, number] {
  if (view === 'abs') return [query / bytes, 1 / bytes];
  return [tokenAt(geometry, query) / geometry.tokens, 1 / geometry.tokens];
}

/** Where a key lies in a map, as a share of its width. */
export function columnPlace(bin: LaneBin, span: number, bytes: number, view: MapView): [number, number] {
  if (view === 'abs') return [bin.start / bytes, (bin.end - bin.start + 1) / bytes];
  return [bin.index / span, 1 / span];
}

/** A row of the distance view is a token, which is asked for by the last of its bytes. */
function rowByte({ stride, tokens }: HierarchyGeometry, bytes: number, view: MapView, y: number): number {
  if (view === 'abs') return within(Math.floor(y * bytes), bytes);
  return within(within(Math.floor(y * tokens), tokens) * stride, bytes);
}

function within(value: number, count: number): number {
  return Math.max(0, Math.min(count - 1, value));
}
