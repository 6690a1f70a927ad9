import columnSumSource from '../../shaders/column-sum.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import { channelsOf, type Tensor } from '../tensor/tensor.ts';

/** So few rows are not worth another part. */
const FEWEST_ROWS = 32;

/** How a long reduction over rows is cut into parts: as many as each has rows, which makes both stages equally short. */
export interface RowBlocks {
  blocks: number;
  rowsPerBlock: number;
}

export function rowBlocks(rows: number): RowBlocks {
  const rowsPerBlock = Math.max(FEWEST_ROWS, Math.ceil(Math.sqrt(rows)));
  return { blocks: Math.ceil(rows / rowsPerBlock), rowsPerBlock };
}

/**
 * Records the sum over the rows of `source`, seen as (rows, columns), as parts of the gradient of `parameter` (columns
 * numbers). The order of the additions depends on the shape alone.
 */
export function columnSum(graph: Graph, source: Tensor, rows: number, columns: number, parameter: Tensor): void {
  const { blocks, rowsPerBlock } = rowBlocks(rows);
  const sums = graph.partsFor(parameter, blocks);
  if (!sums) return;
  const params = { rows, columns, rows_per_block: rowsPerBlock, pitch: channelsOf(sums.shape) };
  graph.dispatch(COLUMN_SUM, { source, sums }, params, grid(blocks * columns, WORKGROUP));
}

const WORKGROUP = 64;
const COLUMN_SUM = kernel('column-sum', columnSumSource, 'column_sum', { overrides: { WORKGROUP } });
