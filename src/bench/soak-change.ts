import type { SoakRow } from './soak.ts';

/** What a long run ends with, beside what it had when it had just begun. */
export interface SoakChange {
  from: SoakRow;
  to: SoakRow;
  /** Time of a step in the last stretch over that in the one after the first row; null where there are no two. */
  time: number | null;
}

/** How the last row differs from the first; null of a run too short to tell. */
export function soakChange(rows: readonly SoakRow[]): SoakChange | null {
  const [from, next] = rows;
  const to = rows.at(-1);
  if (!next || !to) return null;
  // What leads to the first row is the start of the run as well.
  const time = to === next ? null : to.stepMilliseconds / next.stepMilliseconds;
  return { from, to, time };
}
