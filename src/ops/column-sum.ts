import columnSumSource from '../../shaders/column-sum.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph, GradientTarget } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Up to this many rows, one invocation per column is quick enough. */
const ONE_STAGE_ROWS = 32;

/** How a long reduction over rows is cut: as many blocks as each has rows, which makes both stages equally short. */
export interface RowBlocks {
  blocks: number;
  rowsPerBlock: number;
}

export function rowBlocks(rows: number): RowBlocks {
  const rowsPerBlock = Math.max(ONE_STAGE_ROWS, Math.ceil(Math.sqrt(rows)));
  return { blocks: Math.ceil(rows / rowsPerBlock), rowsPerBlock };
}

/**
 * Records the sum over the rows of `source`, seen as (rows, columns), into `target` (columns numbers): a bias gradient.
 * The order of the additions depends on the shape alone.
 */
export function columnSum(graph: Graph, source: Tensor, rows: number, columns: number, target: GradientTarget): void {
  const { blocks, rowsPerBlock } = rowBlocks(rows);
  if (blocks === 1) {
    sumPartials(graph, source, rows, columns, target);
    return;
  }
  const partials = graph.temporary(`${source.label} partial sums`, [blocks, columns]);
  const params = { rows, columns, rows_per_block: rowsPerBlock, accumulate: 0 };
  graph.dispatch(COLUMN_SUM, { source, sums: partials }, params, grid(blocks * columns, WORKGROUP));
  sumPartials(graph, partials, blocks, columns, target);
}

/** The last stage alone, one invocation per column: for partial sums (rows, columns) that some kernel has left. */
export function sumPartials(graph: Graph, source: Tensor, rows: number, columns: number, target: GradientTarget): void {
  const params = { rows, columns, rows_per_block: rows, accumulate: target.accumulate };
  graph.dispatch(COLUMN_SUM, { source, sums: target.tensor }, params, grid(columns, WORKGROUP));
}

const WORKGROUP = 64;
const COLUMN_SUM = kernel('column-sum', columnSumSource, 'column_sum', { overrides: { WORKGROUP } });
