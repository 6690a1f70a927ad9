import rowNormSource from '../../shaders/row-norm.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { channelsOf, formatShape, rowsOf, type Tensor } from '../tensor/tensor.ts';
import { plainRows, recordRowProduct } from './gemm.ts';

export interface PartNormsArgs {
  /** [B, T, K], the channels of all parts one after the other. */
  x: Tensor;
  /** [N, K] */
  weight: Tensor;
  /** Channels of each part; together K. */
  widths: readonly number[];
}

const ROW_NORM = kernel('row-norm', rowNormSource, 'row_norm');

/**
 * How much each part of x's channels puts into x W^T: the norm of the product of that part alone, [B, T, parts]. For
 * looking inside; it has no gradient.
 */
export const partNorms = defineOp<PartNormsArgs, void>({
  name: 'partNorms',

  shape({ x, weight, widths }) {
    need(x.shape.length === 3, 'partNorms', `x ${formatShape(x.shape)}`, '[B, T, K]');
    const channels = channelsOf(x.shape);
    const total = widths.reduce((sum, width) => sum + width, 0);
    need(total === channels, 'partNorms', `parts of ${widths.join(', ')} channels`, `${channels} channels in all`);
    const fits = weight.shape.length === 2 && weight.shape[1] === channels;
    need(fits, 'partNorms', `weight ${formatShape(weight.shape)}`, `[N, ${channels}]`);
    return [x.shape[0], x.shape[1], widths.length];
  },

  flops: ({ x, weight, widths }) => 2 * rowsOf(x.shape) * weight.shape[0] * (weight.shape[1] + widths.length),

  forward(graph, { x, weight, widths }, y) {
    const [batch, time, channels] = x.shape;
    const outputs = weight.shape[0];
    const product = graph.temporary('part product', [batch, time, outputs]);
    let shift = 0;
    widths.forEach((width, column) => {
      recordRowProduct(graph, {
        a: x,
        b: weight,
        out: product,
        m: batch * time,
        n: outputs,
        k: width,
        rowsPerBatch: time,
        aView: { ...plainRows(time, channels), shift },
        bView: { row: channels, shift },
        outView: plainRows(time, outputs),
        transposeB: true,
      });
      const params = { rows: batch * time, channels: outputs, columns: widths.length, column };
      graph.dispatch(ROW_NORM, { source: product, norms: y }, params, grid(batch * time, 64));
      shift += width;
    });
  },
});
