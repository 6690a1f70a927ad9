import concatSource from '../../shaders/concat.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { channelsOf, formatShape, rowsOf, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { rowBlocks, sumPartials } from './column-sum.ts';
import { groupsOf, type PartGroup } from './concat-groups.ts';
import { ROW_WORKGROUP, rowGroups, rowLanes } from './row-lanes.ts';

export interface ConcatArgs {
  /** [B, T_i, C_i], at least one. */
  parts: readonly Tensor[];
  /** How many positions each row of a part stands for; T_i * stride is `length` or more. */
  strides: readonly number[];
  /** Positions of the result. */
  length: number;
  /** [sum of C_i]: the gain of an RMSNorm over the joined channels; without it there is no norm. */
  weight?: Tensor;
}

/**
 * Sequences of several strides side by side: position t reads row floor(t / stride_i) of part i, and their channels are
 * joined in order, then normalised if there is a `weight`. [B, T_i, C_i] .. -> [B, length, sum of C_i]
 */
export const concat = defineOp({
  name: 'concat',

  shape({ parts, strides, length, weight }: ConcatArgs) {
    need(parts.length > 0, 'concat', 'no parts', 'one or more');
    need(
      strides.length === parts.length,
      'concat',
      `${strides.length} strides`,
      `one for each of ${parts.length} parts`,
    );
    need(Number.isInteger(length) && length > 0, 'concat', `length ${length}`, 'a whole number from 1 up');
    const batch = parts[0].shape[0];
    parts.forEach(({ shape }, i) => {
      need(shape.length === 3 && shape[0] === batch, 'concat', `parts[${i}] ${formatShape(shape)}`, `[${batch}, T, C]`);
      need(
        Number.isInteger(strides[i]) && strides[i] > 0,
        'concat',
        `strides[${i}] ${strides[i]}`,
        'a whole number from 1 up',
      );
      const covered = shape[1] * strides[i];
      need(covered >= length, 'concat', `parts[${i}] of ${covered} positions`, `${length} or more`);
    });
    const channels = parts.reduce((sum, part) => sum + channelsOf(part.shape), 0);
    if (weight)
      need(sizeOf(weight.shape) === channels, 'concat', `weight ${formatShape(weight.shape)}`, `[${channels}]`);
    return [batch, length, channels];
  },

  flops: ({ parts, length, weight }) =>
    weight ? 4 * length * parts.reduce((sum, { shape: [batch, , channels] }) => sum + batch * channels, 0) : 0,

  forward(graph, args, y): Tensor | null {
    const { weight } = args;
    const groups = groupsOf(args);
    const elements = ({ params }: PartGroup) => grid(rowsOf(y.shape) * params.end_3, WORKGROUP);
    if (!weight) {
      for (const group of groups) graph.dispatch(CONCAT, { ...group.parts, y }, group.params, elements(group));
      return null;
    }
    const rstd = graph.temporary('concat rstd', y.shape.slice(0, 2));
    groups.forEach((group, i) => {
      const lanes = rowLanes(group.params.end_3);
      const params = { ...group.params, lanes, accumulate: i > 0 ? 1 : 0, finish: i === groups.length - 1 ? 1 : 0 };
      graph.dispatch(CONCAT_RSTD, { ...group.parts, row_values: rstd }, params, rowGroups(rowsOf(y.shape), lanes));
    });
    for (const group of groups) {
      graph.dispatch(CONCAT_NORM, { ...group.parts, weight, rstd, y }, group.params, elements(group));
    }
    return rstd;
  },

  backward(graph, args, rstd, y, dy) {
    const { parts, weight } = args;
    const rows = rowsOf(y.shape);
    const channels = channelsOf(y.shape);
    const dweight = weight && graph.gradientFor(weight);
    if (rstd && dweight) {
      const { blocks, rowsPerBlock } = rowBlocks(rows);
      const sums = graph.temporary('concat dweight sums', [blocks, channels]);
      for (const group of groupsOf(args)) {
        const bindings = { ...group.parts, rstd, dy, dweight_sums: sums };
        const params = { ...group.params, rows_per_block: rowsPerBlock };
        graph.dispatch(CONCAT_DWEIGHT, bindings, params, grid(blocks * group.params.end_3, WORKGROUP));
      }
      sumPartials(graph, sums, blocks, channels, dweight);
    }
    let dots: Tensor | null = null;
    if (rstd && parts.some((part) => part.requiresGradient)) {
      dots = graph.temporary('concat dots', rstd.shape);
      const lanes = rowLanes(channels);
      const params = { ...groupsOf(args)[0].params, lanes };
      graph.dispatch(ROW_DOTS, { normalised: y, dy, row_values: dots }, params, rowGroups(rows, lanes));
    }
    // One part to a group: each has a gradient of its own.
    groupsOf(args, 1).forEach((group, i) => {
      const target = graph.gradientFor(parts[i]);
      if (!target) return;
      const params = { ...group.params, accumulate: target.accumulate };
      const workgroups = grid(sizeOf(parts[i].shape), WORKGROUP);
      if (weight && rstd && dots) {
        const bindings = { part_0: parts[i], weight, rstd, dots, dy, dpart: target.tensor };
        graph.dispatch(CONCAT_NORM_DPART, bindings, params, workgroups);
      } else {
        graph.dispatch(CONCAT_DPART, { dy, dpart: target.tensor }, params, workgroups);
      }
    });
  },
});

const WORKGROUP = ROW_WORKGROUP;
const [CONCAT, CONCAT_RSTD, CONCAT_NORM, ROW_DOTS, CONCAT_DPART, CONCAT_NORM_DPART, CONCAT_DWEIGHT] = [
  'concat',
  'concat_rstd',
  'concat_norm',
  'row_dots',
  'concat_dpart',
  'concat_norm_dpart',
  'concat_dweight',
].map((entry) => kernel('concat', concatSource, entry, { overrides: { WORKGROUP } }));
