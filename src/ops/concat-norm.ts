import dpartSource from '../../shaders/concat-norm-dpart.wgsl?raw';
import concatNormSource from '../../shaders/concat-norm.wgsl?raw';
import { kernel, type Kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import { rowSums } from '../tensor/row-sum.ts';
import { channelsOf, rowsOf, type Tensor } from '../tensor/tensor.ts';
import { rowBlocks } from './column-sum.ts';
import { groupsOf, singlesOf, type Joined } from './concat-groups.ts';
import { laneParams, ROW_WORKGROUP, rowGroups, rowLanes, spreadOfSums } from './row-lanes.ts';

type Args = Joined & { weight: Tensor };

/** Records the concatenation with RMSNorm into `y`; returns what the backward pass needs of each row, [B, n, 2]. */
export function concatNorm(graph: Graph, args: Args, y: Tensor): Tensor {
  const { weight } = args;
  const rows = rowsOf(y.shape);
  const statistics = graph.temporary('concat statistics', [...y.shape.slice(0, 2), 2]);
  const groups = groupsOf(args);
  const last = groups.length - 1;
  const record = (group: number, flags: { accumulate: 0 | 1; finish: 0 | 1; finished: 0 | 1 }): void => {
    const { parts, geometry } = groups[group];
    const lanes = rowLanes(graph.tuning, geometry.end_3);
    const params = { ...geometry, ...flags, ...laneParams(lanes), rows_per_block: 1, pitch: 0, spread: 1 };
    const bindings = { ...parts, weight, statistics, y };
    graph.dispatch(summing(graph, 'concat_norm', lanes), bindings, params, rowGroups(rows, lanes));
  };
  // The last group completes the sums of squares and writes its channels at once; then the others can write theirs.
  for (let i = 0; i <= last; i++) record(i, { accumulate: i > 0 ? 1 : 0, finish: i === last ? 1 : 0, finished: 0 });
  for (let i = 0; i < last; i++) record(i, { accumulate: 0, finish: 1, finished: 1 });
  return statistics;
}

/** Records the gradients of `concatNorm` by its weight and its parts. */
export function concatNormBackward(graph: Graph, args: Args, statistics: Tensor, y: Tensor, dy: Tensor): void {
  const { weight } = args;
  recordSums(graph, args, statistics, y, dy);
  for (const { part, geometry } of singlesOf(args)) {
    const target = graph.gradientFor(part);
    if (!target) continue;
    const { batch, length, channels, first_channel, end_0, length_0, stride_0 } = geometry;
    const lanes = rowLanes(graph.tuning, end_0);
    const bindings = { part_0: part, weight, row_statistics: statistics, dy, dpart: target.tensor };
    const place = { batch, length, channels, first_channel, end_0, length_0, stride_0 };
    const params = { ...place, ...laneParams(lanes), accumulate: target.accumulate };
    graph.dispatch(CONCAT_NORM_DPART, bindings, params, rowGroups(rowsOf(part.shape), lanes));
  }
}

/** The gradient of the weight, and the dot product of each row that the gradients of the parts need. */
function recordSums(graph: Graph, args: Args, statistics: Tensor, y: Tensor, dy: Tensor): void {
  const rows = rowsOf(dy.shape);
  const { blocks, rowsPerBlock } = rowBlocks(rows);
  const sums = graph.partsFor(args.weight, blocks);
  const pitch = sums ? channelsOf(sums.shape) : 0;
  const lanes = rowLanes(graph.tuning, channelsOf(y.shape));
  groupsOf(args).forEach(({ parts, geometry }, group) => {
    if (group > 0 && !sums) return;
    const dweightSums = sums ?? graph.temporary('unwanted dweight', [1]);
    const bindings = { ...parts, normalised: y, dy, statistics, dweight_sums: dweightSums };
    const rowsHere = group === 0 ? rows : 0;
    const sumsHere = sums ? blocks * geometry.end_3 : 0;
    const spread = spreadOfSums(rowsHere, lanes, sumsHere);
    const params = { ...geometry, ...NO_FLAGS, ...laneParams(lanes), rows_per_block: rowsPerBlock, pitch, spread };
    const invocations = Math.max(rowsHere * lanes, sumsHere);
    graph.dispatch(summing(graph, 'concat_norm_sums', lanes), bindings, params, grid(invocations, ROW_WORKGROUP));
  });
}

const NO_FLAGS = { accumulate: 0, finish: 0, finished: 0, rows_per_block: 1, pitch: 0, spread: 1 };
const overrides = { WORKGROUP: ROW_WORKGROUP };
const CONCAT_NORM_DPART = kernel('concat-norm-dpart', dpartSource, 'concat_norm_dpart', { overrides });

function summing({ tuning }: Graph, entry: 'concat_norm' | 'concat_norm_sums', lanes: number): Kernel {
  return kernel('concat-norm', concatNormSource, entry, { overrides, ...rowSums(tuning, lanes, ['row_sum']) });
}
