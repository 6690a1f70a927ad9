import singleSource from '../../shaders/norm-single.wgsl?raw';
import normSource from '../../shaders/norm.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { rowSums } from '../tensor/row-sum.ts';
import { channelsOf, formatShape, rowsOf, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { rowBlocks } from './column-sum.ts';
import { laneParams, ROW_WORKGROUP, rowGroups, rowLanes, spreadOfSums } from './row-lanes.ts';

export interface NormArgs {
  /** [B, T, C] */
  x: Tensor;
  /** `rms`: x / max(|x|, 1e-12) * sqrt(C) * weight. `layer`: (x - mean) / sqrt(variance + 1e-5) * weight + bias. */
  kind: 'rms' | 'layer';
  /** [C] */
  weight: Tensor;
  /** [C], for `layer` and only there. */
  bias?: Tensor;
  /**
   * Token shift before the norm: the last floor(C / 2) channels come from so many rows earlier, zero where there is
   * none; 0 leaves all where they are.
   */
  shift: number;
}

/** Token shift, then RMSNorm or LayerNorm of every row: [B, T, C] -> [B, T, C]. */
export const norm = defineOp({
  name: 'norm',

  shape({ x, kind, weight, bias, shift }: NormArgs) {
    const needed = [channelsOf(x.shape)];
    need(x.shape.length === 3, 'norm', `x ${formatShape(x.shape)}`, '[B, T, C]');
    need(sizeOf(weight.shape) === needed[0], 'norm', `weight ${formatShape(weight.shape)}`, formatShape(needed));
    need(
      (bias !== undefined) === (kind === 'layer'),
      'norm',
      `${kind} ${bias ? 'with' : 'without'} bias`,
      'layer with or rms without',
    );
    if (bias) need(sizeOf(bias.shape) === needed[0], 'norm', `bias ${formatShape(bias.shape)}`, formatShape(needed));
    need(Number.isInteger(shift) && shift >= 0, 'norm', `shift ${shift}`, 'a whole number from 0 up');
    return x.shape;
  },

  flops: ({ x, kind }) => sizeOf(x.shape) * FLOPS_PER_NUMBER[kind],

  // As much for the row's own derivative, and a multiply-add for the gain's.
  backwardFlops: ({ x, kind }) => sizeOf(x.shape) * (FLOPS_PER_NUMBER[kind] + 2),

  forward(graph, args, y): Tensor {
    const { x, kind, weight, bias } = args;
    const statistics = graph.temporary(`${kind} statistics`, [rowsOf(x.shape), 2]);
    // A binding needs a buffer also where the variant does not read it.
    const bindings = { x, weight, bias: bias ?? weight, y, new_statistics: statistics };
    const lanes = rowLanes(graph.tuning, channelsOf(x.shape));
    const groups = rowGroups(rowsOf(x.shape), lanes);
    graph.dispatch(variant(graph, 'norm', kind, lanes), bindings, paramsOf(graph, args, 0), groups);
    return statistics;
  },

  backward(graph, args, statistics, _y, dy) {
    const { x, kind, weight, bias } = args;
    const { blocks } = rowBlocks(rowsOf(x.shape));
    const [dweight, dbias = null] = graph.partsForAll(bias ? [weight, bias] : [weight], blocks);
    const dx = graph.gradientFor(x);
    const wantsSums = dweight !== null || dbias !== null;
    if (!wantsSums && !dx) return;
    const pitch = channelsOf((dweight ?? dbias ?? x).shape);
    // What nobody wants goes where nobody looks: one kernel writes all of it.
    const nowhere = (label: string): Tensor => graph.temporary(label, wantsSums ? [blocks, pitch] : [1]);
    const bindings = {
      x,
      weight,
      dy,
      statistics,
      dx: dx?.tensor ?? graph.temporary('unwanted dx', x.shape, { dtype: x.dtype }),
      dweight_sums: dweight ?? nowhere('unwanted dweight'),
      dbias_sums: dbias ?? nowhere('unwanted dbias'),
    };
    const lanes = rowLanes(graph.tuning, channelsOf(x.shape));
    const summing = wantsSums ? blocks * channelsOf(x.shape) : 0;
    const params = {
      ...paramsOf(graph, args, dx?.accumulate ?? 0),
      blocks: wantsSums ? blocks : 0,
      pitch,
      ...(lanes > 1 && { spread: spreadOfSums(rowsOf(x.shape), lanes, summing) }),
    };
    const invocations = Math.max(rowsOf(x.shape) * lanes, summing);
    graph.dispatch(variant(graph, 'norm_backward', kind, lanes), bindings, params, grid(invocations, WORKGROUP));
  },
});

const FLOPS_PER_NUMBER = { rms: 4, layer: 8 } as const;

function paramsOf(graph: Graph, { x, kind, shift }: NormArgs, accumulate: 0 | 1) {
  const [, length, channels] = x.shape;
  const rows = rowsOf(x.shape);
  const lanes = rowLanes(graph.tuning, channels);
  return {
    rows,
    length,
    channels,
    kept: shift === 0 ? channels : Math.ceil(channels / 2),
    shift,
    ...(lanes > 1 && { ...laneParams(lanes), spread: 1, layer: kind === 'layer' ? 1 : 0 }),
    blocks: 0,
    rows_per_block: rowBlocks(rows).rowsPerBlock,
    pitch: 0,
    accumulate,
  };
}

const WORKGROUP = ROW_WORKGROUP;

function variant({ tuning }: Graph, entry: 'norm' | 'norm_backward', kind: NormArgs['kind'], lanes: number) {
  if (lanes === 1) {
    return kernel('norm-single', singleSource, entry, { overrides: { WORKGROUP, LAYER: kind === 'layer' ? 1 : 0 } });
  }
  const sums = rowSums(tuning, lanes, ['row_sum', 'before_next_sum']);
  return kernel('norm', normSource, entry, { overrides: { WORKGROUP }, ...sums });
}
