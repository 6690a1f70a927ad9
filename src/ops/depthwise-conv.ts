import depthwiseConvSource from '../../shaders/depthwise-conv.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { channelsOf, formatShape, rowsOf, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { columnSum, rowBlocks } from './column-sum.ts';

export interface DepthwiseConvArgs {
  /** [B, n, C] */
  x: Tensor;
  /** [C, K]; the last tap meets the newest input. */
  weight: Tensor;
  /** [C] */
  bias?: Tensor;
  stride: number;
}

/**
 * Causal convolution of each channel by itself, with zeros before the beginning: output j looks at inputs
 * j * stride - (K - 1) .. j * stride. [B, n, C] -> [B, ceil(n / stride), C]
 */
export const depthwiseConv = defineOp({
  name: 'depthwiseConv',

  shape({ x, weight, bias, stride }: DepthwiseConvArgs) {
    need(x.shape.length === 3, 'depthwiseConv', `x ${formatShape(x.shape)}`, '[B, n, C]');
    const [batch, length, channels] = x.shape;
    const fits = weight.shape.length === 2 && weight.shape[0] === channels;
    need(fits, 'depthwiseConv', `weight ${formatShape(weight.shape)}`, `[${channels}, K]`);
    if (bias)
      need(sizeOf(bias.shape) === channels, 'depthwiseConv', `bias ${formatShape(bias.shape)}`, `[${channels}]`);
    need(Number.isInteger(stride) && stride > 0, 'depthwiseConv', `stride ${stride}`, 'a whole number from 1 up');
    return [batch, Math.ceil(length / stride), channels];
  },

  flops: ({ x, weight, stride }) => 2 * x.shape[0] * Math.ceil(x.shape[1] / stride) * sizeOf(weight.shape),

  backwardFlops({ x, weight, bias, stride }) {
    const sums = [x, weight].filter(({ requiresGradient }) => requiresGradient).length;
    const outputs = x.shape[0] * Math.ceil(x.shape[1] / stride);
    return outputs * (2 * sums * sizeOf(weight.shape) + (bias?.requiresGradient ? x.shape[2] : 0));
  },

  forward(graph, args, y) {
    const { x, weight, bias } = args;
    // A binding needs a buffer also where the variant does not read it.
    const bindings = { x, weight, bias: bias ?? weight, y };
    graph.dispatch(bias ? CONV_BIAS : CONV, bindings, paramsOf(args), grid(sizeOf(y.shape), WORKGROUP));
  },

  backward(graph, args, _saved, y, dy) {
    const { x, weight, bias } = args;
    const rows = rowsOf(y.shape);
    if (bias) columnSum(graph, dy, rows, x.shape[2], bias);
    const { blocks, rowsPerBlock } = rowBlocks(rows);
    const sums = graph.partsFor(weight, blocks);
    if (sums) {
      const params = { ...paramsOf(args), rows_per_block: rowsPerBlock, pitch: channelsOf(sums.shape) };
      graph.dispatch(
        CONV_DWEIGHT,
        { x, dy, dweight_sums: sums },
        params,
        grid(blocks * sizeOf(weight.shape), WORKGROUP),
      );
    }
    const dx = graph.gradientFor(x);
    if (!dx) return;
    const params = { ...paramsOf(args), accumulate: dx.accumulate };
    graph.dispatch(CONV_DX, { weight, dy, dx: dx.tensor }, params, grid(sizeOf(x.shape), WORKGROUP));
  },
});

function paramsOf({ x, weight, stride }: DepthwiseConvArgs) {
  const [batch, length, channels] = x.shape;
  const outLength = Math.ceil(length / stride);
  return {
    batch,
    length,
    out_length: outLength,
    channels,
    taps: weight.shape[1],
    stride,
    rows_per_block: 1,
    pitch: 0,
    accumulate: 0,
  };
}

const WORKGROUP = 64;
const [CONV, CONV_BIAS] = [0, 1].map((BIAS) =>
  kernel('depthwise-conv', depthwiseConvSource, 'depthwise_conv', { overrides: { WORKGROUP, BIAS } }),
);
const [CONV_DX, CONV_DWEIGHT] = ['depthwise_conv_dx', 'depthwise_conv_dweight'].map((entry) =>
  kernel('depthwise-conv', depthwiseConvSource, entry, { overrides: { WORKGROUP } }),
);
