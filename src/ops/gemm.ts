import activationsSource from '../../shaders/activations.wgsl?raw';
import matmulSource from '../../shaders/matmul.wgsl?raw';
import matmulQuadSource from '../../shaders/matmul-quad.wgsl?raw';
import matmulMatrixSource from '../../shaders/matmul-subgroup-matrix.wgsl?raw';
import matmulTiledSource from '../../shaders/matmul-tiled.wgsl?raw';
import matmulVectorsSource from '../../shaders/matmul-tiled-vectors.wgsl?raw';
import type { Replacement } from '../gpu/replace-declarations.ts';
import type { Graph } from '../tensor/graph.ts';
import { sizeOf, type Tensor } from '../tensor/tensor.ts';
import { recordProduct, type ProductShaders } from './product.ts';
import { areQuads, asQuads } from './tiles.ts';

export type Activation = 'silu' | 'gelu';

/** How rows of an operand lie in memory, in elements. */
export interface RowView {
  /** From one batch item to the next. */
  batch: number;
  /** From one row to the next. */
  row: number;
  /** Where the first row starts; negative where a row begins in the zeros before a batch item. */
  shift: number;
  /** Elements of one batch item: outside of them a padded view reads zero. */
  length: number;
  /** From one segment of k to the next. */
  segment: number;
}

/** Rows one after the other. */
export function plainRows(rowsPerBatch: number, channels: number): RowView {
  return { batch: rowsPerBatch * channels, row: channels, shift: 0, length: rowsPerBatch * channels, segment: 0 };
}

/** Whether all rows lie equally far apart, across batch items too. */
export function isPlain({ batch, row, shift, segment }: RowView, rowsPerBatch: number): boolean {
  return batch === rowsPerBatch * row && shift === 0 && segment === 0;
}

interface Product {
  a: Tensor;
  b: Tensor;
  out: Tensor;
  /** Rows and columns of the result, and the length of the inner sum (of one segment). */
  m: number;
  n: number;
  k: number;
  segments?: number;
}

export interface RowProduct extends Product {
  rowsPerBatch: number;
  aView: RowView;
  /** In elements: pitch of b's rows, first element, pitch of segments. */
  bView: { row: number; shift?: number; segment?: number };
  outView: RowView;
  /** b is (n, k), as a weight is in y = x W^T; else (k, n), as in dx = dy W. */
  transposeB: boolean;
  bias?: Tensor;
  residual?: Tensor;
  activation?: Activation;
  /** Where the sum before the activation goes, for the backward pass. */
  saved?: Tensor;
  /** Multiplies by the activation's derivative at this pre-activation instead of applying the activation. */
  derivativeAt?: Tensor;
  accumulate?: 0 | 1;
  /**
   * So many products in one dispatch, each `pitch` elements further on than the one before in b and in out; all but the first
   * begin a segment further on. Rows that lie behind the end of a batch item of out are not stored.
   */
  several?: { count: number; pitch: number };
}

/** What shaders of products have stand-ins for. */
export function activations(...names: ('activate' | 'derivative')[]): Replacement {
  return { file: 'activations', source: activationsSource, names };
}

const STAND_INS = [activations('activate', 'derivative')];

const SHADERS: ProductShaders = {
  staged: {
    file: 'matmul-tiled',
    source: matmulTiledSource,
    standIns: STAND_INS,
    vectors: {
      file: 'matmul-tiled-vectors',
      source: matmulVectorsSource,
      names: ['bias', 'extra', 'out', 'saved', 'store'],
    },
    matrix: { file: 'matmul-subgroup-matrix', source: matmulMatrixSource, names: ['put_a', 'put_b'] },
  },
  unstaged: {
    file: 'matmul',
    source: matmulSource,
    standIns: STAND_INS,
    quads: { file: 'matmul-quad', source: matmulQuadSource },
  },
};

/** How shaders name them. */
export const ACTIVATIONS = { none: 0, silu: 1, gelu: 2 } as const;

/** Records out = epilogue(a b): every product whose rows are rows of a. */
export function recordRowProduct(graph: Graph, product: RowProduct): void {
  const { a, b, out, m, n, k, segments = 1, aView, bView, outView, rowsPerBatch } = product;
  const { bias, residual, activation, saved, derivativeAt, accumulate = 0 } = product;
  const { count, pitch } = product.several ?? { count: 1, pitch: 0 };
  const viewed = count > 1 || !isPlain(aView, rowsPerBatch) || !isPlain(outView, rowsPerBatch);
  const overrides = {
    TRANSPOSE_B: product.transposeB ? 1 : 0,
    VIEWED: viewed ? 1 : 0,
    ACTIVATION: ACTIVATIONS[activation ?? 'none'],
    DERIVATIVE: derivativeAt ? 1 : 0,
  };
  const bindings = {
    a,
    b,
    bias: bias ?? b,
    extra: derivativeAt ?? residual ?? b,
    out,
    saved: saved ?? graph.temporary('unused', [4]),
  };
  const params = {
    m,
    n,
    k,
    segments,
    rows_per_batch: rowsPerBatch,
    a_batch: aView.batch,
    a_row: aView.row,
    a_segment: aView.segment,
    a_shift: aView.shift,
    a_length: aView.length,
    b_row: bView.row,
    b_segment: bView.segment ?? 0,
    b_shift: bView.shift ?? 0,
    c_batch: outView.batch,
    c_row: outView.row,
    c_shift: outView.shift,
    product_pitch: pitch,
    has_bias: bias ? 1 : 0,
    has_residual: residual ? 1 : 0,
    save: saved ? 1 : 0,
    accumulate,
  };
  const aligned =
    areQuads(k, aView.batch, aView.row, aView.segment, aView.shift, aView.length) &&
    areQuads(bView.row, params.b_segment, params.b_shift, pitch, product.transposeB ? 0 : n);
  const wholeRows = areQuads(n, outView.batch, outView.row, outView.shift, pitch) && sizeOf(b.shape) >= 4;
  const quads = { a_quads: asQuads(graph, a), b_quads: asQuads(graph, b) };
  const form = { m, n, k: k * segments, parts: count, aligned, wholeRows };
  recordProduct(graph, SHADERS, { form, overrides, bindings, quads, params });
}
