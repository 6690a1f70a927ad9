import { defineOp, need } from '../tensor/op.ts';
import { channelsOf, formatShape, type Tensor } from '../tensor/tensor.ts';
import { plainRows, recordRowProduct } from './gemm.ts';

export interface PhaseProductArgs {
  /** [B, T, K] */
  x: Tensor;
  /** [N, K] */
  weight: Tensor;
  /** Rows first, first + every, first + 2 every ... of each batch item are used. */
  first: number;
  every: number;
}

/** x W^T for rows of one phase, [B, rows, N]. For looking inside; it has no gradient. */
export const phaseProduct = defineOp<PhaseProductArgs, void>({
  name: 'phaseProduct',

  shape({ x, weight, first, every }) {
    need(x.shape.length === 3, 'phaseProduct', `x ${formatShape(x.shape)}`, '[B, T, K]');
    const [batch, time, channels] = x.shape;
    const fits = weight.shape.length === 2 && weight.shape[1] === channels;
    need(fits, 'phaseProduct', `weight ${formatShape(weight.shape)}`, `[N, ${channels}]`);
    need(first < time, 'phaseProduct', `first row ${first} of ${time}`, 'one that x has');
    return [batch, Math.ceil((time - first) / every), weight.shape[0]];
  },

  isExact: () => true,

  flops: ({ x, weight, first, every }) =>
    2 * x.shape[0] * Math.ceil((x.shape[1] - first) / every) * weight.shape[0] * weight.shape[1],

  forward(graph, { x, weight, first, every }, y) {
    const channels = channelsOf(x.shape);
    const [batch, rows, outputs] = y.shape;
    recordRowProduct(graph, {
      a: x,
      b: weight,
      out: y,
      m: batch * rows,
      n: outputs,
      k: channels,
      rowsPerBatch: rows,
      aView: { ...plainRows(x.shape[1], channels), row: every * channels, shift: first * channels },
      bView: { row: channels },
      outView: plainRows(rows, outputs),
      transposeB: true,
    });
  },
});
