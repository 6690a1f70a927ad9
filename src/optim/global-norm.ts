import globalNormSource from '../../shaders/global-norm.wgsl?raw';
import { kernel, type Kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { rowSums } from '../tensor/row-sum.ts';
import { sizeOf, type Tensor } from '../tensor/tensor.ts';

const WORKGROUP = 256;
const VECTOR = 4;
/** Vectors that each invocation adds up at least. */
const VECTORS_EACH = 8;
const MAX_GROUPS = 512;

/** The kernels of the global norm: the sums of squares, and what begins an update by their sum. */
export function globalNorm(
  { tuning }: Graph,
  entry: 'sum_squares' | 'begin_update',
  overrides: Record<string, number> = {},
): Kernel {
  return kernel('global-norm', globalNormSource, entry, { overrides, ...rowSums(tuning, WORKGROUP, ['row_sum']) });
}

/** Records the sums of squares of flat tensors (f32, multiples of 4): partial sums that add up to the squared norm. */
export function recordSquares(graph: Graph, gradients: readonly Tensor[]): Tensor {
  const counts = gradients.map((tensor) => sizeOf(tensor.shape) / VECTOR);
  const groups = counts.map((count) => Math.min(MAX_GROUPS, Math.ceil(count / (WORKGROUP * VECTORS_EACH))));
  const partials = graph.temporary('sums of squares', [groups.reduce((sum, count) => sum + count, 0)]);
  let first = 0;
  gradients.forEach((tensor, s) => {
    const params = { count: counts[s], first_partial: first, groups: groups[s] };
    graph.dispatch(globalNorm(graph, 'sum_squares'), { gradients: tensor, partials_out: partials }, params, [
      groups[s],
      1,
      1,
    ]);
    first += groups[s];
  });
  return partials;
}
