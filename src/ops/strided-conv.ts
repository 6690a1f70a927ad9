import type { Graph } from '../tensor/graph.ts';
import { defineOp, need } from '../tensor/op.ts';
import { formatShape, type Tensor } from '../tensor/tensor.ts';
import { plainRows, recordRowProduct, type Activation, type RowView } from './gemm.ts';
import { recordWeightGradient } from './weight-gradient.ts';

export interface StridedConvArgs {
  /** [B, n, E] */
  x: Tensor;
  /** [O, c, E]: tap-major, the last tap meets the newest row. */
  weight: Tensor;
  /** [O] */
  bias: Tensor;
  /** Rows between neighbouring outputs; divides c. */
  stride: number;
  /** Applied to the sum; the result may then only feed matrix products. */
  activation?: Activation;
}

/**
 * Dense causal convolution, y[j] = activation(bias + sum_k W[:, k] x[j s + k - (c-1)]) with zeros before the start,
 * [B, ceil(n / s), O]. Input rows of one output are one contiguous run, so it is a matrix product over overlapping rows;
 * runs never cross batch items.
 */
export const stridedConv = defineOp<StridedConvArgs, void>({
  name: 'stridedConv',
  shape({ x, weight, bias, stride }) {
    need(x.shape.length === 3, 'stridedConv', `x ${formatShape(x.shape)}`, '[B, n, E]');
    const [batch, length, channels] = x.shape;
    const given = `weight ${formatShape(weight.shape)}`;
    need(weight.shape.length === 3 && weight.shape[2] === channels, 'stridedConv', given, `[O, c, ${channels}]`);
    const taps = weight.shape[1];
    need(taps % stride === 0, 'stridedConv', `stride ${stride}`, `a divisor of the ${taps} taps`);
    need(bias.shape[0] === weight.shape[0], 'stridedConv', `bias ${formatShape(bias.shape)}`, `[${weight.shape[0]}]`);
    return [batch, Math.ceil(length / stride), weight.shape[0]];
  },
  flops({ x, weight, stride }) {
    const [outputs, taps, channels] = weight.shape;
    return 2 * x.shape[0] * Math.ceil(x.shape[1] / stride) * outputs * taps * channels;
  },
  backwardFlops({ x, weight, bias, stride }) {
    const [outputs, taps, channels] = weight.shape;
    const products = [x, weight].filter(({ requiresGradient }) => requiresGradient).length;
    const results = x.shape[0] * Math.ceil(x.shape[1] / stride) * outputs;
    return results * (2 * products * taps * channels + (bias.requiresGradient ? 1 : 0));
  },
  forward(graph, { x, weight, bias, stride, activation }, y) {
    const [outputs, taps, channels] = weight.shape;
    const saved =
      graph.training && activation ? graph.temporary('pre-activation', y.shape, { dtype: y.dtype }) : undefined;
    recordRowProduct(graph, {
      a: x,
      b: weight,
      out: y,
      m: y.shape[0] * y.shape[1],
      n: outputs,
      k: taps * channels,
      rowsPerBatch: y.shape[1],
      transposeB: true,
      aView: overlappingRows(x, taps, stride),
      bView: { row: taps * channels },
      outView: plainRows(y.shape[1], outputs),
      bias,
      activation,
      saved,
    });
    if (saved && activation) y.preactivation = { tensor: saved, activation };
  },
  backward(graph, { x, weight, bias, stride }, _saved, y, dy) {
    const [outputs, taps, channels] = weight.shape;
    const rows = y.shape[0] * y.shape[1];
    inputGradient(graph, { x, weight, dy, stride });
    const shape = { m: outputs, n: taps * channels, k: rows, rowsPerBatch: y.shape[1] };
    recordWeightGradient(graph, { ...shape, dy, x, weight, bias, xView: overlappingRows(x, taps, stride) });
  },
});

function overlappingRows(x: Tensor, taps: number, stride: number): RowView {
  const [, length, channels] = x.shape;
  return {
    batch: length * channels,
    row: stride * channels,
    shift: -(taps - 1) * channels,
    length: length * channels,
    segment: 0,
  };
}

/**
 * A gather instead of a scatter: positions t with the same residue of t mod s were used by the same a = c/s taps apart, so
 * each residue is one product over a segments, the output rows that used t. With t = s u + r they are j = u + [r > 0] + q
 * for q < a, through tap c - 1 + r - s [r > 0] - s q. They write rows of their own, and one dispatch makes them all: from one
 * to the next weights and results move on by a position, and all but the first begin with q = 1.
 */
function inputGradient(graph: Graph, given: { x: Tensor; weight: Tensor; dy: Tensor; stride: number }): void {
  const { x, weight, dy, stride } = given;
  const dx = graph.gradientFor(x);
  if (!dx) return;
  const [batch, length, channels] = x.shape;
  const [outputs, taps] = weight.shape;
  const rowsPerBatch = dy.shape[1];
  recordRowProduct(graph, {
    a: dy,
    b: weight,
    out: dx.tensor,
    m: batch * rowsPerBatch,
    n: channels,
    k: outputs,
    segments: taps / stride,
    rowsPerBatch,
    transposeB: false,
    aView: { ...plainRows(rowsPerBatch, outputs), segment: outputs },
    bView: { row: taps * channels, shift: (taps - 1) * channels, segment: -stride * channels },
    outView: { ...plainRows(length, channels), row: stride * channels },
    accumulate: dx.accumulate,
    several: { count: Math.min(stride, length), pitch: channels },
  });
}
