import { defineOp, need } from '../tensor/op.ts';
import { channelsOf, formatShape, rowsOf, type Tensor } from '../tensor/tensor.ts';
import { plainRows, recordRowProduct, type Activation, type RowView } from './gemm.ts';
import { recordLinearGradients } from './linear-gradients.ts';
import { recordMatvec } from './matvec.ts';

export interface LinearArgs {
  /** [B, T, K] */
  x: Tensor;
  /** [N, K] */
  weight: Tensor;
  /** [N] */
  bias?: Tensor;
  /** Applied to the sum; the result may then only feed matrix products. Excludes `residual`. */
  activation?: Activation;
  /** [B, ceil(T / every), N], added last. */
  residual?: Tensor;
  /** Keeps the result f32 where activations are stored as f16. */
  exact?: boolean;
  /** Only rows 0, every, 2 every ... of each batch item are used. Default 1. */
  every?: number;
}

/** y = activation(x W^T + bias) + residual, [B, ceil(T / every), N]. */
export const linear = defineOp<LinearArgs, void>({
  name: 'linear',
  shape({ x, weight, bias, residual, activation, every = 1 }) {
    need(x.shape.length === 3, 'linear', `x ${formatShape(x.shape)}`, '[B, T, K]');
    const [batch, time, channels] = x.shape;
    need(
      weight.shape.length === 2 && weight.shape[1] === channels,
      'linear',
      `weight ${formatShape(weight.shape)}`,
      `[N, ${channels}] for x ${formatShape(x.shape)}`,
    );
    const shape = [batch, Math.ceil(time / every), weight.shape[0]];
    need(!bias || bias.shape[0] === shape[2], 'linear', `bias ${formatShape(bias?.shape ?? [])}`, `[${shape[2]}]`);
    need(
      !residual || formatShape(residual.shape) === formatShape(shape),
      'linear',
      `residual ${formatShape(residual?.shape ?? [])}`,
      formatShape(shape),
    );
    need(!(residual && activation), 'linear', 'an activation and a residual', 'at most one of them');
    return shape;
  },
  isExact: ({ exact = false }) => exact,
  flops: ({ x, weight, every = 1 }) =>
    2 * x.shape[0] * Math.ceil(x.shape[1] / every) * weight.shape[0] * weight.shape[1],
  // Each gradient is a product of the same size; a bias's is a sum over all rows.
  backwardFlops({ x, weight, bias, every = 1 }) {
    const results = x.shape[0] * Math.ceil(x.shape[1] / every) * weight.shape[0];
    const products = [x, weight].filter(({ requiresGradient }) => requiresGradient).length;
    return results * (2 * products * weight.shape[1] + (bias?.requiresGradient ? 1 : 0));
  },
  forward(graph, { x, weight, bias, activation, residual, every = 1 }, y) {
    if (rowsOf(x.shape) === 1 && !graph.training) {
      recordMatvec(graph, { x, weight, bias, activation, residual, y });
      return;
    }
    const saved =
      graph.training && activation ? graph.temporary('pre-activation', y.shape, { dtype: y.dtype }) : undefined;
    recordRowProduct(graph, {
      ...rowsOfX(x, y, every),
      a: x,
      b: weight,
      out: y,
      n: weight.shape[0],
      k: weight.shape[1],
      transposeB: true,
      bView: { row: weight.shape[1] },
      outView: plainRows(y.shape[1], weight.shape[0]),
      bias,
      residual,
      activation,
      saved,
    });
    if (saved && activation) y.preactivation = { tensor: saved, activation };
  },
  backward(graph, { x, weight, bias, residual, every = 1 }, _saved, y, dy) {
    const { aView, m, rowsPerBatch } = rowsOfX(x, y, every);
    recordLinearGradients(graph, { dy, x, weight, bias, rows: m, rowsPerBatch, xView: aView, partial: every > 1 });
    // Last, because dy belongs to the residual from here on.
    if (residual) graph.passGradient(residual, dy);
  },
});

function rowsOfX(x: Tensor, y: Tensor, every: number): { aView: RowView; rowsPerBatch: number; m: number } {
  const channels = channelsOf(x.shape);
  const plain = plainRows(x.shape[1], channels);
  return { aView: { ...plain, row: every * channels }, rowsPerBatch: y.shape[1], m: rowsOf(y.shape) };
}
