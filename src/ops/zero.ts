import zeroSource from '../../shaders/zero.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import { sizeOf, type Tensor } from '../tensor/tensor.ts';

/** Records that a tensor is filled with zeros. */
export function zero(graph: Graph, tensor: Tensor): void {
  const count = sizeOf(tensor.shape);
  graph.dispatch(kernel('zero', zeroSource, 'zero'), { out: tensor }, { count }, grid(count, 256));
}
