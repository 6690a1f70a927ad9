import crossEntropySource from '../../shaders/cross-entropy.wgsl?raw';
import { kernel, type Kernel } from '../gpu/kernel.ts';
import { grid } from '../tensor/grid.ts';
import { defineOp, need } from '../tensor/op.ts';
import { rowSums } from '../tensor/row-sum.ts';
import { formatShape, sizeOf, type Tensor } from '../tensor/tensor.ts';
import type { Tuning } from '../tensor/tuning.ts';

export interface CrossEntropyArgs {
  /**
   * [B, L, slots * classes], slot-major. In a training trace the op overwrites it by its gradient, so nothing else may
   * read it afterwards.
   */
  logits: Tensor;
  /** [B, pitch] u32. Row (b, j, k) has its target at position j * stride + k + offset. */
  ids: Tensor;
  /** f32; the gradient is multiplied by `hyper[weightIndex]`, the loss is not. */
  hyper: Tensor;
  weightIndex: number;
  /** f32; `recordScale * loss` is added to `record[recordIndex]`. */
  record: Tensor;
  recordIndex: number;
  recordScale: number;
  classes: number;
  slots: number;
  stride: number;
  offset: number;
  /** Positions of ids that may be targets, from the first on; rows whose target lies outside are ignored. */
  inputLength: number;
  /** Target whose rows are ignored; null = none. Ids that are no class are ignored always. */
  ignoreIndex: number | null;
  /** Filled with each row's own loss, f32, B * L * slots; 0 where ignored. */
  rowLosses?: Tensor;
}

/** Equal to none of the classes, which u32 ids count from 0. */
const NO_ID = 0xffffffff;
/** Rows of a workgroup, whatever the number of invocations that share one. */
const ROWS_PER_GROUP = 16;
/** Counting is spread over at most so many workgroups, since every row adds their counts up. */
const MAX_COUNTERS = 8;
const POSITIONS_EACH = 4096;
/** Of the workgroup that adds up the losses of all rows. */
const MEAN_LANES = 256;
const COUNT = kernel('cross-entropy', crossEntropySource, 'count_targets');

function softmaxRows(tuning: Tuning): Kernel {
  const LANES = tuning.lossLanes;
  const overrides = { LANES, WORKGROUP: ROWS_PER_GROUP * LANES };
  const functions = rowSums(tuning, LANES, ['row_max', 'row_sum']);
  return kernel('cross-entropy', crossEntropySource, 'softmax_rows', { overrides, ...functions });
}

function meanLoss(tuning: Tuning): Kernel {
  return kernel('cross-entropy', crossEntropySource, 'mean_loss', rowSums(tuning, MEAN_LANES, ['row_max', 'row_sum']));
}

/**
 * Mean cross entropy [1] over all rows that count. Where none does, loss and gradient are 0 (the reference divides 0
 * by 0 there).
 */
export const crossEntropy = defineOp<CrossEntropyArgs, null>({
  name: 'crossEntropy',
  isLoss: true,

  shape({ logits, ids, classes, slots, stride, inputLength, rowLosses }) {
    const given = `logits ${formatShape(logits.shape)}, ids ${formatShape(ids.shape)}`;
    const [batch, length, channels] = logits.shape;
    need(logits.shape.length === 3, 'crossEntropy', given, 'logits [B, L, slots * classes]');
    need(
      channels === slots * classes,
      'crossEntropy',
      given,
      `${slots} slots of ${classes} classes as channels of logits`,
    );
    need(ids.shape.length === 2 && ids.shape[0] === batch, 'crossEntropy', given, `ids [${batch}, pitch]`);
    need(ids.dtype === 'u32', 'crossEntropy', `ids of type ${ids.dtype}`, 'u32');
    need(
      inputLength >= 1 && inputLength <= ids.shape[1],
      'crossEntropy',
      `${given}, inputLength ${inputLength}`,
      'inputLength from 1 to the pitch of ids',
    );
    need(stride >= 1, 'crossEntropy', `stride ${stride}`, 'at least 1');
    const rows = batch * length * slots;
    const held = rowLosses ? sizeOf(rowLosses.shape) : rows;
    need(held === rows, 'crossEntropy', `rowLosses of ${held} numbers`, `${rows}, one for each row`);
    return [1];
  },

  // For each logit: a subtraction, an exponential, an addition, a comparison.
  flops: ({ logits }) => 4 * sizeOf(logits.shape),

  // The forward pass has left the gradient where the logits were.
  backwardFlops: () => 0,

  forward(graph, args, y) {
    const { logits, ids, hyper, record, classes, slots, stride, offset, inputLength, ignoreIndex } = args;
    const [batch, length] = logits.shape;
    const rows = batch * length * slots;
    const counters = Math.min(MAX_COUNTERS, Math.ceil((batch * inputLength) / POSITIONS_EACH));
    const partialCount = graph.tuning.lossLanes === 1 ? rows : Math.ceil(rows / ROWS_PER_GROUP);
    const params = {
      rows,
      classes,
      length,
      slots,
      stride,
      offset,
      batch,
      pitch: ids.shape[1],
      input_length: inputLength,
      ignore_index: ignoreIndex ?? NO_ID,
      counters,
      partials: partialCount,
      weight_index: args.weightIndex,
      write_gradient: graph.training && logits.requiresGradient ? 1 : 0,
      record_index: args.recordIndex,
      record_scale: args.recordScale,
    };
    const counts = graph.temporary('target counts', [counters], { dtype: 'u32' });
    const partials = graph.temporary('loss partials', [partialCount]);
    const rowLosses = args.rowLosses ?? graph.temporary('row losses', [rows]);
    const written = { row_losses: rowLosses, partials_out: partials };
    graph.dispatch(COUNT, { ids, counts_out: counts }, params, [counters, 1, 1]);
    graph.dispatch(
      softmaxRows(graph.tuning),
      { logits, ids, hyper, counts, ...written },
      params,
      grid(rows, ROWS_PER_GROUP),
    );
    graph.dispatch(meanLoss(graph.tuning), { counts, partials, loss: y, record }, params, [1, 1, 1]);
    return null;
  },

  backward(graph, { logits }) {
    graph.passGradient(logits, logits);
  },
});
