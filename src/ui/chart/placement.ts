import type { Column } from './column.ts';
import { nearest } from './search.ts';

/** Where the values of a series lie on the x axis of a chart: value i at `column.at(i) * scale`. */
export interface Placement {
  readonly column: Column;
  readonly scale: number;
}

export function xAt({ column, scale }: Placement, index: number): number {
  return column.at(index) * scale;
}

/** Index of the value nearest to `x`; -1 when there is none. */
export function nearestTo({ column, scale }: Placement, x: number): number {
  return nearest(column, x / scale);
}

/** Largest x so far, 0 before the first. */
export function endOf({ column, scale }: Placement): number {
  return column.length === 0 ? 0 : column.last * scale;
}
