import normSource from '../../shaders/norm.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { channelsOf, formatShape, rowsOf, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { rowBlocks, sumPartials } from './column-sum.ts';
import { ROW_WORKGROUP, rowGroups, rowLanes } from './row-lanes.ts';

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

  flops: ({ x, kind }) => sizeOf(x.shape) * (kind === 'layer' ? 8 : 4),

  forward(graph, args, y): Tensor {
    const { x, kind, weight, bias } = args;
    const statistics = graph.temporary(`${kind} statistics`, [rowsOf(x.shape), 2]);
    // A binding needs a buffer also where the variant does not read it.
    const bindings = { x, weight, bias: bias ?? weight, y, new_statistics: statistics };
    graph.dispatch(
      variant('norm', kind),
      bindings,
      paramsOf(graph, args, 0),
      rowGroups(rowsOf(x.shape), rowLanes(graph.tuning, channelsOf(x.shape))),
    );
    return statistics;
  },

  backward(graph, args, statistics, _y, dy) {
    const { x, kind, weight } = args;
    recordParameterGradients(graph, args, statistics, dy);
    const dx = graph.gradientFor(x);
    if (!dx) return;
    const bindings = { x, weight, dy, statistics, dx: dx.tensor };
    graph.dispatch(
      variant('norm_dx', kind),
      bindings,
      paramsOf(graph, args, dx.accumulate),
      rowGroups(rowsOf(x.shape), rowLanes(graph.tuning, channelsOf(x.shape))),
    );
  },
});

function recordParameterGradients(graph: Graph, args: NormArgs, statistics: Tensor, dy: Tensor): void {
  const { x, weight, bias } = args;
  const dweight = graph.gradientFor(weight);
  const dbias = bias ? graph.gradientFor(bias) : null;
  if (!dweight && !dbias) return;
  const channels = channelsOf(x.shape);
  const { blocks } = rowBlocks(rowsOf(x.shape));
  const workgroups = grid(blocks * channels, WORKGROUP);
  const params = paramsOf(graph, args, 0);
  const dweightSums = graph.temporary('norm dweight sums', [blocks, channels]);
  if (bias) {
    const dbiasSums = graph.temporary('norm dbias sums', [blocks, channels]);
    const bindings = { x, dy, statistics, dweight_sums: dweightSums, dbias_sums: dbiasSums };
    graph.dispatch(LAYER_DWEIGHT, bindings, params, workgroups);
    if (dbias) sumPartials(graph, dbiasSums, blocks, channels, dbias);
  } else {
    graph.dispatch(RMS_DWEIGHT, { x, dy, statistics, dweight_sums: dweightSums }, params, workgroups);
  }
  if (dweight) sumPartials(graph, dweightSums, blocks, channels, dweight);
}

function paramsOf(graph: Graph, { x, shift }: NormArgs, accumulate: 0 | 1) {
  const [, length, channels] = x.shape;
  const rows = rowsOf(x.shape);
  return {
    rows,
    length,
    channels,
    kept: shift === 0 ? channels : Math.ceil(channels / 2),
    shift,
    lanes: rowLanes(graph.tuning, channels),
    rows_per_block: rowBlocks(rows).rowsPerBlock,
    accumulate,
  };
}

const WORKGROUP = ROW_WORKGROUP;

function variant(entry: 'norm' | 'norm_dx', kind: NormArgs['kind']) {
  return kernel('norm', normSource, entry, { overrides: { WORKGROUP, LAYER: kind === 'layer' ? 1 : 0 } });
}

const RMS_DWEIGHT = kernel('norm', normSource, 'rms_dweight', { overrides: { WORKGROUP } });
const LAYER_DWEIGHT = kernel('norm', normSource, 'layer_dweight', { overrides: { WORKGROUP } });
