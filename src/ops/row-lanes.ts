import { grid } from '../tensor/grid.ts';

/** Invocations of a workgroup in kernels that reduce rows. */
export const ROW_WORKGROUP = 64;

/** How many invocations share a row of so many channels: about eight channels each, so that narrow rows share a workgroup. */
export function rowLanes(channels: number): number {
  return Math.min(ROW_WORKGROUP, 2 ** Math.ceil(Math.log2(Math.max(1, channels / 8))));
}

/** Workgroup counts for so many rows with `lanes` invocations each. */
export function rowGroups(rows: number, lanes: number): readonly [number, number, number] {
  return grid(rows, ROW_WORKGROUP / lanes);
}
