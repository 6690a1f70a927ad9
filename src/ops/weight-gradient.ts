import weightGradientSource from '../../shaders/weight-gradient.wgsl?raw';
import weightGradientQuadSource from '../../shaders/weight-gradient-quad.wgsl?raw';
import weightGradientMatrixSource from '../../shaders/weight-gradient-subgroup-matrix.wgsl?raw';
import weightGradientTiledSource from '../../shaders/weight-gradient-tiled.wgsl?raw';
import weightGradientVectorsSource from '../../shaders/weight-gradient-tiled-vectors.wgsl?raw';
import type { Graph } from '../tensor/graph.ts';
import { channelsOf, type Tensor } from '../tensor/tensor.ts';
import type { Tuning } from '../tensor/tuning.ts';
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
    standIns: [],
    vectors: {
      file: 'weight-gradient-tiled-vectors',
      source: weightGradientVectorsSource,
      names: ['dweight', 'store'],
    },
    matrix: {
      file: 'weight-gradient-subgroup-matrix',
      source: weightGradientMatrixSource,
      names: ['put_dy', 'put_x'],
    },
  },
  unstaged: {
    file: 'weight-gradient',
    source: weightGradientSource,
    standIns: [],
    quads: { file: 'weight-gradient-quad', source: weightGradientQuadSource },
  },
};

/**
 * The sum over fewer rows is not worth a part of its own. Twice as many where the planes of a workgroup may share it: a part
 * less has to be written, read and added up.
 */
const FEWEST_ROWS = { tiled: 128, direct: 64 };

/** Where the sums of a weight's gradient go, and those of its bias. */
export interface PlacesOfSums {
  /** In how many parts the rows are cut, and how many rows each has but for the last. */
  parts: number;
  perPart: number;
  /** A sum that is whole at once is added to the gradient, parts overwrite what is there. */
  whole: boolean;
  dweight: Tensor;
  dbias: Tensor | null;
  /** Numbers from one part to the next. */
  dweightPitch: number;
  dbiasPitch: number;
}

type Form = Pick<WeightGradient, 'm' | 'n' | 'k'>;

/** In how many parts k rows are cut so that there is work for everyone, and how many rows each has but for the last. */
export function partsOfRows({ matmul, parallelTiles }: Tuning, { m, n, k }: Form): { parts: number; perPart: number } {
  const tiles = Math.ceil(m / 64) * Math.ceil(n / 64);
  const fewest = FEWEST_ROWS[typeof matmul === 'string' ? 'direct' : 'tiled'];
  const wanted = Math.min(Math.ceil(parallelTiles / tiles), Math.ceil(k / fewest));
  const perPart = Math.ceil(k / wanted);
  return { parts: Math.ceil(k / perPart), perPart };
}

/** Room for the parts of a weight's gradient and its bias's. The weight must need a gradient. */
export function placesOfSums(
  graph: Graph,
  { weight, bias, ...form }: Pick<WeightGradient, 'weight' | 'bias'> & Form,
): PlacesOfSums {
  const { parts, perPart } = partsOfRows(graph.tuning, form);
  const whole = parts === 1;
  const parameters = bias ? [weight, bias] : [weight];
  const places = whole
    ? parameters.map((parameter) => graph.gradientFor(parameter)?.tensor ?? null)
    : graph.partsForAll(parameters, parts);
  const dweight = places[0]!;
  const dbias = places[1] ?? null;
  return {
    parts,
    perPart,
    whole,
    dweight,
    dbias,
    dweightPitch: whole ? 0 : channelsOf(dweight.shape),
    dbiasPitch: whole || !dbias ? 0 : channelsOf(dbias.shape),
  };
}

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
  const places = placesOfSums(graph, product);
  const { parts, whole, dweight, dbias } = places;
  const overrides = { VIEWED: isPlain(xView, rowsPerBatch) ? 0 : 1 };
  const bindings = { dy, x, dweight, dbias: dbias ?? graph.temporary('unused', [1]) };
  const params = {
    m,
    n,
    k,
    k_per_part: places.perPart,
    rows_per_batch: rowsPerBatch,
    x_batch: xView.batch,
    x_row: xView.row,
    x_shift: xView.shift,
    x_length: xView.length,
    dweight_pitch: places.dweightPitch,
    dbias_pitch: places.dbiasPitch,
    has_bias: dbias ? 1 : 0,
    accumulate: whole ? 1 : 0,
  };
  const aligned = areQuads(m, n, xView.batch, xView.row, xView.shift, xView.length);
  const quads = { dy_quads: asQuads(graph, dy), x_quads: asQuads(graph, x) };
  const form = { m, n, k, parts, aligned, wholeRows: areQuads(n) };
  recordProduct(graph, SHADERS, { form, overrides, bindings, quads, params });
}
