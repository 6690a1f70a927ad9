import { grid } from '../tensor/grid.ts';
import { need } from '../tensor/op.ts';
import type { Tuning } from '../tensor/tuning.ts';

/** Invocations of a workgroup in kernels that reduce rows. */
export const ROW_WORKGROUP = 64;

/**
 * How many invocations share a row of so many channels. On a GPU about eight channels each, so that neighbours read
 * neighbours and narrow rows share a workgroup; on a CPU one alone.
 */
export function rowLanes({ reductions }: Tuning, channels: number): number {
  if (reductions === 'single') return 1;
  return Math.min(ROW_WORKGROUP, 2 ** Math.ceil(Math.log2(Math.max(1, channels / 8))));
}

/** What a kernel is told of the invocations that share a row: it masks and shifts by them. Throws unless they are a power of two. */
export function laneParams(lanes: number): { lanes: number; lane_bits: number } {
  const bits = Math.log2(lanes);
  need(Number.isInteger(bits) && bits >= 0, 'rows', `${lanes} lanes`, 'a power of two');
  return { lanes, lane_bits: bits };
}

/** Workgroup counts for so many rows with `lanes` invocations each. */
export function rowGroups(rows: number, lanes: number): readonly [number, number, number] {
  return grid(rows, ROW_WORKGROUP / lanes);
}

/**
 * Which of the workgroups that have rows also make sums over rows: every so-manieth, so that the sums of a block of rows are
 * made while its rows are read.
 * @param sums how many sums there are, one for an invocation
 */
export function spreadOfSums(rows: number, lanes: number, sums: number): number {
  const [withRows, withSums] = [rows * lanes, sums].map((count) => Math.ceil(count / ROW_WORKGROUP));
  return Math.max(1, Math.floor(withRows / Math.max(1, withSums)));
}
