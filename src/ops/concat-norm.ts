import concatNormSource from '../../shaders/concat-norm.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import { channelsOf, rowsOf, type Tensor } from '../tensor/tensor.ts';
import { rowBlocks, sumPartials } from './column-sum.ts';
import { groupsOf, singlesOf, type Joined } from './concat-groups.ts';
import { ROW_WORKGROUP, rowGroups, rowLanes } from './row-lanes.ts';

type Args = Joined & { weight: Tensor };

/** Records the concatenation with RMSNorm into `y`; returns the factor of each row, [B, n]. */
export function concatNorm(graph: Graph, args: Args, y: Tensor): Tensor {
  const { weight } = args;
  const rows = rowsOf(y.shape);
  const rstd = graph.temporary('concat rstd', y.shape.slice(0, 2));
  const groups = groupsOf(args);
  const last = groups.length - 1;
  const record = (group: number, flags: { accumulate: 0 | 1; finish: 0 | 1; finished: 0 | 1 }): void => {
    const { parts, geometry } = groups[group];
    const lanes = rowLanes(graph.tuning, geometry.end_3);
    const params = { ...geometry, ...flags, lanes, rows_per_block: 1 };
    graph.dispatch(CONCAT_NORM, { ...parts, weight, new_rstd: rstd, y }, params, rowGroups(rows, lanes));
  };
  // The last group completes the sums of squares and writes its channels at once; then the others can write theirs.
  for (let i = 0; i <= last; i++) record(i, { accumulate: i > 0 ? 1 : 0, finish: i === last ? 1 : 0, finished: 0 });
  for (let i = 0; i < last; i++) record(i, { accumulate: 0, finish: 1, finished: 1 });
  return rstd;
}

/** Records the gradients of `concatNorm` by its weight and its parts. */
export function concatNormBackward(graph: Graph, args: Args, rstd: Tensor, y: Tensor, dy: Tensor): void {
  const { parts, weight } = args;
  recordWeightGradient(graph, args, rstd, dy);
  if (!parts.some((part) => part.requiresGradient)) return;
  const dots = recordDots(graph, args, y, dy);
  for (const { part, geometry } of singlesOf(args)) {
    const target = graph.gradientFor(part);
    if (!target) continue;
    const lanes = rowLanes(graph.tuning, geometry.end_0);
    const bindings = { part_0: part, weight, rstd, dots, dy, dpart: target.tensor };
    const params = { ...geometry, ...NO_FLAGS, lanes, accumulate: target.accumulate };
    graph.dispatch(CONCAT_NORM_DPART, bindings, params, rowGroups(rowsOf(part.shape), lanes));
  }
}

function recordWeightGradient(graph: Graph, args: Args, rstd: Tensor, dy: Tensor): void {
  const target = graph.gradientFor(args.weight);
  if (!target) return;
  const channels = channelsOf(dy.shape);
  const { blocks, rowsPerBlock } = rowBlocks(rowsOf(dy.shape));
  const sums = graph.temporary('concat dweight sums', [blocks, channels]);
  for (const { parts, geometry } of groupsOf(args)) {
    const bindings = { ...parts, rstd, dy, dweight_sums: sums };
    const params = { ...geometry, ...NO_FLAGS, lanes: 1, rows_per_block: rowsPerBlock };
    graph.dispatch(CONCAT_NORM_DWEIGHT, bindings, params, grid(blocks * geometry.end_3, ROW_WORKGROUP));
  }
  sumPartials(graph, sums, blocks, channels, target);
}

function recordDots(graph: Graph, args: Args, y: Tensor, dy: Tensor): Tensor {
  const dots = graph.temporary('concat dots', y.shape.slice(0, 2));
  const lanes = rowLanes(graph.tuning, channelsOf(y.shape));
  const params = { ...groupsOf(args)[0].geometry, ...NO_FLAGS, lanes };
  graph.dispatch(ROW_DOTS, { normalised: y, dy, new_dots: dots }, params, rowGroups(rowsOf(y.shape), lanes));
  return dots;
}

const NO_FLAGS = { accumulate: 0, finish: 0, finished: 0, rows_per_block: 1 };
const [CONCAT_NORM, ROW_DOTS, CONCAT_NORM_DPART, CONCAT_NORM_DWEIGHT] = [
  'concat_norm',
  'row_dots',
  'concat_norm_dpart',
  'concat_norm_dweight',
].map((entry) => kernel('concat-norm', concatNormSource, entry, { overrides: { WORKGROUP: ROW_WORKGROUP } }));
