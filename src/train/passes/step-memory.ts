import { HYPER_LENGTH } from '../../optim/hyper.ts';
import { OPTIMIZER_STATE_LENGTH } from '../../optim/state.ts';
import {
  bytesOf,
  declareSlab,
  slabTensor,
  type DType,
  type Shape,
  type Slab,
  type Tensor,
} from '../../tensor/tensor.ts';

/** What a program reads and writes besides parameters; each lies in a buffer of its own. */
export interface StepMemory {
  /** [B, n + 1] u32: inputs and, one further, labels. */
  ids: Tensor;
  /** What may change from step to step, laid out by `HYPER`. */
  hyper: Tensor;
  /** Losses and the gradient norm of a step, laid out by `recordLayout`. */
  record: Tensor;
  /** The optimizer's own counters, u32. */
  state: Tensor;
  slabs: Slab[];
}

export function declareStepMemory(label: string, batchSize: number, length: number, recordSize: number): StepMemory {
  const slabs: Slab[] = [];
  const own = (name: string, shape: Shape, dtype: DType): Tensor => {
    const slab = declareSlab(`${label} ${name}`, bytesOf(shape));
    slabs.push(slab);
    return slabTensor(name, shape, slab, 0, { dtype });
  };
  return {
    ids: own('ids', [batchSize, length + 1], 'u32'),
    hyper: own('hyper', [HYPER_LENGTH], 'f32'),
    record: own('record', [recordSize], 'f32'),
    state: own('state', [OPTIMIZER_STATE_LENGTH], 'u32'),
    slabs,
  };
}
