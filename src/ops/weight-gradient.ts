import weightGradientSource from '../../shaders/weight-gradient.wgsl?raw';
import weightGradientQuadSource from '../../shaders/weight-gradient-quad.wgsl?raw';
import weightGradientMatrixSource from '../../shaders/weight-gradient-subgroup-matrix.wgsl?raw';
import weightGradientTiledSource from '../../shaders/weight-gradient-tiled.wgsl?raw';
import weightGradientVectorsSource from '../../shaders/weight-gradient-tiled-vectors.wgsl?raw';
import type { Graph } from '../tensor/graph.ts';
import { channelsOf, type Tensor } from '../tensor/tensor.ts';
import { columnSum } from './column-sum.ts';
import { isPlain, type RowView } from './gemm.ts';
import { recordProduct, type ProductShaders } from './product.ts';
import { areQuads, asQuads } from './tiles.ts';

export interface WeightGradient {
  /** (k, m): gradients of the outputs, row by row. */
  dy: Tensor;
  /** (k, n): inputs, row by row. */
  x: Tensor;
  /** A parameter of m n numbers. */
  weight: Tensor;
  /** A parameter (m), if there is one. */
  bias?: Tensor;
  m: number;
  n: number;
  /** Rows in all, and rows of one batch item. */
  k: number;
  rowsPerBatch: number;
  xView: RowView;
}

const SHADERS: ProductShaders = {
  staged: {
    file: 'weight-gradient-tiled',
    source: weightGradientTiledSource,
    vectors: {
      file: 'weight-gradient-tiled-vectors',
      source: weightGradientVectorsSource,
      names: ['dweight', 'store'],
    },
    matrix: {
      file: 'weight-gradient-subgroup-matrix',
      source: weightGradientMatrixSource,
      staging: ['put_dy', 'put_x'],
      added: ['bias_sums'],
    },
  },
  unstaged: {
    file: 'weight-gradient',
    source: weightGradientSource,
    quads: {
      file: 'weight-gradient-quad',
      source: weightGradientQuadSource,
      added: ['dy_quads', 'x_quads', 'dy_block', 'x_block', 'x_run'],
    },
  },
};

/** The sum over fewer rows is not worth a part of its own. */
const FEWEST_ROWS = 64;

/**
 * Records dweight (m, n) = dy^T x and dbias (m) = dy^T 1. They reduce over all rows, which are many, into a matrix that is
 * small: k is cut into parts so that there is work for everyone; they are added up at the end of the backward pass.
 */
export function recordWeightGradient(graph: Graph, product: WeightGradient): void {
  const { dy, x, weight, bias, m, n, k, rowsPerBatch, xView } = product;
  if (!weight.requiresGradient) {
    if (bias) columnSum(graph, dy, k, m, bias);
    return;
  }
  const tiles = Math.ceil(m / 64) * Math.ceil(n / 64);
  const wanted = Math.min(Math.ceil(graph.tuning.parallelTiles / tiles), Math.ceil(k / FEWEST_ROWS));
  const perPart = Math.ceil(k / wanted);
  const parts = Math.ceil(k / perPart);
  // A sum that is whole at once goes to the gradient at once.
  const whole = parts === 1;
  const parameters = bias ? [weight, bias] : [weight];
  const places = whole
    ? parameters.map((parameter) => graph.gradientFor(parameter)?.tensor ?? null)
    : graph.partsForAll(parameters, parts);
  const dweight = places[0]!;
  const dbias = places[1] ?? null;
  const overrides = { VIEWED: isPlain(xView, rowsPerBatch) ? 0 : 1 };
  const bindings = { dy, x, dweight, dbias: dbias ?? graph.temporary('unused', [1]) };
  const params = {
    m,
    n,
    k,
    k_per_part: perPart,
    rows_per_batch: rowsPerBatch,
    x_batch: xView.batch,
    x_row: xView.row,
    x_shift: xView.shift,
    x_length: xView.length,
    dweight_pitch: whole ? 0 : channelsOf(dweight.shape),
    dbias_pitch: whole || !dbias ? 0 : channelsOf(dbias.shape),
    has_bias: dbias ? 1 : 0,
    accumulate: whole ? 1 : 0,
  };
  const aligned = areQuads(m, n, xView.batch, xView.row, xView.shift, xView.length);
  const quads = { dy_quads: asQuads(graph, dy), x_quads: asQuads(graph, x) };
  const form = { m, n, k, parts, aligned, wholeRows: areQuads(n) };
  recordProduct(graph, SHADERS, { form, overrides, bindings, quads, params });
}
