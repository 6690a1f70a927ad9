import jointSource from '../../shaders/linear-gradients-tiled.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph, GradientTarget } from '../tensor/graph.ts';
import { MAX_WORKGROUPS } from '../tensor/grid.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Tile, Tuning } from '../tensor/tuning.ts';
import { ACTIVATIONS, activations, isPlain, plainRows, recordRowProduct, type RowView } from './gemm.ts';
import { areQuads, planesOf, shapeClass, tiling } from './tiles.ts';
import { partsOfRows, placesOfSums, recordWeightGradient } from './weight-gradient.ts';
import { zero } from './zero.ts';

export interface LinearGradients {
  /** (rows, outputs) */
  dy: Tensor;
  /** Rows of channels, where the view says. */
  x: Tensor;
  /** [outputs, channels] */
  weight: Tensor;
  /** [outputs] */
  bias?: Tensor;
  rows: number;
  rowsPerBatch: number;
  /** Without a shift, without segments. */
  xView: RowView;
  /** Whether x has rows that the view leaves out. */
  partial: boolean;
}

/** Records dx = dy W, dW = dy^T x and db = dy^T 1 as far as they are needed: by one dispatch where that suits the adapter. */
export function recordLinearGradients(graph: Graph, given: LinearGradients): void {
  const { x, weight, rows, xView, partial } = given;
  const [outputs, channels] = weight.shape;
  const dx = graph.gradientFor(x, { throughActivation: true });
  // Rows that were not used get no product, so they must be zero before.
  if (dx && partial && dx.accumulate === 0) zero(graph, dx.tensor);
  const target: GradientTarget | null = dx && { tensor: dx.tensor, accumulate: partial ? 1 : dx.accumulate };
  const aligned = areQuads(outputs, channels, xView.batch, xView.row);
  const joint = aligned && weight.requiresGradient ? jointly(graph.tuning, rows, outputs, channels) : null;
  if (target && joint) {
    recordJoint(graph, given, target, joint);
    return;
  }
  if (target) recordInputGradient(graph, given, target);
  recordWeightGradient(graph, { ...given, m: outputs, n: channels, k: rows });
}

function recordInputGradient(graph: Graph, given: LinearGradients, { tensor: out, accumulate }: GradientTarget): void {
  const { dy, x, weight, rows, rowsPerBatch, xView } = given;
  const [outputs, channels] = weight.shape;
  recordRowProduct(graph, {
    a: dy,
    b: weight,
    out,
    m: rows,
    n: channels,
    k: outputs,
    rowsPerBatch,
    transposeB: false,
    aView: plainRows(rowsPerBatch, outputs),
    bView: { row: channels },
    outView: xView,
    activation: x.preactivation?.activation,
    derivativeAt: x.preactivation?.tensor,
    accumulate,
  });
}

interface Joint {
  tile: Tile;
  /** Tiles below one another: of dx, and of a part of dW. */
  dxTiles: number;
  dweightTiles: number;
  workgroups: readonly [number, number, number];
}

const SMALLEST_FIRST = ['few', 'small', 'medium'] as const;

/**
 * How both are made at once; null where each has a dispatch of its own, as a large one: it keeps a GPU busy alone, for much
 * longer than a dispatch costs, and would pay for asking what a workgroup makes. The tile is a small one where either is
 * small: a medium product hardly loses by it. Both must cut their sums alike, whatever was chosen.
 */
function jointly(tuning: Tuning, rows: number, outputs: number, channels: number): Joint | null {
  const { matmul, jointGradients = false, subgroupMatrix } = tuning;
  if (!jointGradients || typeof matmul === 'string' || subgroupMatrix) return null;
  const { parts } = partsOfRows(tuning, { m: outputs, n: channels, k: rows });
  const classes = [shapeClass(tuning, rows, channels, 1), shapeClass(tuning, outputs, channels, parts)];
  const [planes, others] = classes.map((each) => planesOf(matmul[each]));
  if (classes.includes('large') || planes !== others) return null;
  const tile = matmul[SMALLEST_FIRST.find((each) => classes.includes(each))!];
  const [across, dxTiles] = tiling(tile, rows, channels).workgroups;
  const [, dweightTiles] = tiling(tile, outputs, channels).workgroups;
  const down = dxTiles + dweightTiles * parts;
  return down > MAX_WORKGROUPS ? null : { tile, dxTiles, dweightTiles, workgroups: [across, down, 1] };
}

function recordJoint(
  graph: Graph,
  { dy, x, weight, bias, rows, rowsPerBatch, xView }: LinearGradients,
  dx: GradientTarget,
  { tile, dxTiles, dweightTiles, workgroups }: Joint,
): void {
  const [outputs, channels] = weight.shape;
  const { perPart, whole, dweight, dbias, dweightPitch, dbiasPitch } = placesOfSums(graph, {
    weight,
    bias,
    m: outputs,
    n: channels,
    k: rows,
  });
  const { tensor: extra, activation } = x.preactivation ?? { tensor: weight, activation: undefined };
  const { constants, overrides: ofTile, replacements } = tiling(tile, rows, channels);
  const overrides = {
    ...ofTile,
    VIEWED: isPlain(xView, rowsPerBatch) ? 0 : 1,
    ACTIVATION: ACTIVATIONS[activation ?? 'none'],
  };
  graph.dispatch(
    kernel('linear-gradients-tiled', jointSource, 'tiled', {
      constants,
      overrides,
      replacements: [activations('derivative'), ...replacements],
    }),
    { dy, weight, x, extra, dx: dx.tensor, dweight, dbias: dbias ?? graph.temporary('unused', [4]) },
    {
      rows,
      outputs,
      channels,
      dx_tiles: dxTiles,
      dweight_tiles: dweightTiles,
      rows_per_part: perPart,
      rows_per_batch: rowsPerBatch,
      x_batch: xView.batch,
      x_row: xView.row,
      dweight_pitch: dweightPitch,
      dbias_pitch: dbiasPitch,
      has_bias: dbias ? 1 : 0,
      accumulate_dx: dx.accumulate,
      accumulate_dweight: whole ? 1 : 0,
    },
    workgroups,
  );
}
