import { need } from '../tensor/op.ts';
import { formatShape, sizeOf, type Tensor } from '../tensor/tensor.ts';

/** Where the newest token of a stream stands: it is token position / stride of its sequence. */
export interface TokenPlace {
  /** u32 [1]: index in the text, a multiple of the stride. A tensor, so that one program serves every token. */
  position: Tensor;
  /** Positions from one token to the next. */
  stride: number;
}

/**
 * Invocations that share a row of the newest token, by how the adapter's kernels reduce. On a CPU as many as it computes at
 * once, so that nobody waits for others at barriers.
 */
export const LANES_FOR = { shared: 64, subgroup: 64, single: 4 } as const;

/** Throws ShapeError unless `position` and `stride` are what `TokenPlace` says. */
export function checkPlace(op: string, { position, stride }: TokenPlace): void {
  const isNumber = position.dtype === 'u32' && sizeOf(position.shape) === 1;
  need(isNumber, op, `position ${position.dtype} ${formatShape(position.shape)}`, 'u32 [1]');
  need(Number.isInteger(stride) && stride > 0, op, `stride ${stride}`, 'a whole number from 1 up');
}
