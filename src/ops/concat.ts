import concatSource from '../../shaders/concat.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import { defineOp, need } from '../tensor/op.ts';
import { formatShape, rowsOf, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { groupsOf, singlesOf, totalChannels } from './concat-groups.ts';
import { concatNorm, concatNormBackward } from './concat-norm.ts';
import { laneParams, ROW_WORKGROUP, rowGroups, rowLanes } from './row-lanes.ts';

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
    const channels = totalChannels(parts);
    if (weight)
      need(sizeOf(weight.shape) === channels, 'concat', `weight ${formatShape(weight.shape)}`, `[${channels}]`);
    return [batch, length, channels];
  },

  flops: (args) => (args.weight ? 4 * resultSize(args) : 0),

  // Those of a norm; without one gradients are handed on, and added up where a row stands for several positions.
  backwardFlops: (args) => resultSize(args) * (args.weight ? 6 : 1),

  forward(graph, args, y): Tensor | null {
    if (args.weight) return concatNorm(graph, { ...args, weight: args.weight }, y);
    for (const { parts, geometry } of groupsOf(args)) {
      const lanes = rowLanes(graph.tuning, geometry.end_3);
      const params = { ...geometry, ...laneParams(lanes), accumulate: 0 };
      graph.dispatch(CONCAT, { ...parts, y }, params, rowGroups(rowsOf(y.shape), lanes));
    }
    return null;
  },

  backward(graph, args, statistics, y, dy) {
    if (args.weight && statistics) {
      concatNormBackward(graph, { ...args, weight: args.weight }, statistics, y, dy);
      return;
    }
    for (const { part, geometry } of singlesOf(args)) {
      const target = graph.gradientFor(part);
      if (!target) continue;
      const lanes = rowLanes(graph.tuning, geometry.end_0);
      const params = { ...geometry, ...laneParams(lanes), accumulate: target.accumulate };
      graph.dispatch(CONCAT_DPART, { dy, dpart: target.tensor }, params, rowGroups(rowsOf(part.shape), lanes));
    }
  },
});

function resultSize({ parts, length }: ConcatArgs): number {
  return parts[0].shape[0] * length * totalChannels(parts);
}

const [CONCAT, CONCAT_DPART] = ['concat', 'concat_dpart'].map((entry) =>
  kernel('concat', concatSource, entry, { overrides: { WORKGROUP: ROW_WORKGROUP } }),
);
