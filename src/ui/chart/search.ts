import type { Column } from './column.ts';

/** Index of the last entry of an ascending column that is at most `x`; -1 when all are larger. */
export function lastAtMost(column: Column, x: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column.at(middle) <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the entry of an ascending column that is nearest to `x`; -1 when the column is empty. */
export function nearest(column: Column, x: number): number {
  const before = lastAtMost(column, x);
  if (before < 0) return column.length === 0 ? -1 : 0;
  if (before === column.length - 1) return before;
  return column.at(before + 1) - x < x - column.at(before) ? before + 1 : before;
}
