import matvecSource from '../../shaders/matvec.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ACTIVATIONS, type Activation } from './gemm.ts';

interface RowTimesWeight {
  /** One row of K numbers. */
  x: Tensor;
  /** [N, K] */
  weight: Tensor;
  /** N numbers. */
  bias?: Tensor;
  activation?: Activation;
  /** N numbers. */
  residual?: Tensor;
  /** N numbers. */
  y: Tensor;
}

/** Records y = activation(W x + bias) + residual for a single row, where tiles of rows would be empty but for one. */
export function recordMatvec(graph: Graph, { x, weight, bias, activation, residual, y }: RowTimesWeight): void {
  const [outputs, inputs] = weight.shape;
  const inQuads = inputs % 4 === 0;
  const operands: Record<string, Tensor> = inQuads ? { x_quads: x, weight_quads: weight } : { x, weight };
  const constants = TEAMS[graph.tuning.reductions];
  const overrides = { ACTIVATION: ACTIVATIONS[activation ?? 'none'] };
  graph.dispatch(
    kernel('matvec', matvecSource, inQuads ? 'quads' : 'scalars', { overrides, constants }),
    { ...operands, bias: bias ?? weight, residual: residual ?? weight, y },
    { inputs, outputs, has_bias: bias ? 1 : 0, has_residual: residual ? 1 : 0 },
    grid(outputs, 4 * constants.TEAMS),
  );
}

/** A CPU computes four invocations at once, and has them wait for nobody if they are alone. */
const TEAMS = {
  shared: { LANES: 16, TEAMS: 4 },
  subgroup: { LANES: 16, TEAMS: 4 },
  single: { LANES: 4, TEAMS: 4 },
} as const;
