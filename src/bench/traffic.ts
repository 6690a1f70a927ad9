import { callsOf, type RecordedDispatch } from '../tensor/graph.ts';
import { bytesOf, temporaryOf, type Tensor } from '../tensor/tensor.ts';

/** Kernels that read all of an array and put one row in its place: their writes are next to nothing. */
const READS_MOSTLY: ReadonlySet<string> = new Set(['attention-step/attend memory']);

/** Bytes of one row of the table that says where parts of gradients go: 64 numbers. */
const BLOCK_BYTES = 256;

/**
 * Bytes that dispatches have to move at least: every array that one binds is read or written once; what is written on
 * top of something (a gradient that accumulates, Adam's moments) is read as well. Where a dispatch touches a part of an
 * array only, this is more than it moves.
 */
export function bytesMoved(dispatches: readonly RecordedDispatch[]): number {
  const written = new Set<number>();
  let bytes = 0;
  for (const { kernel, bindings, params } of callsOf(dispatches)) {
    const counted: Tensor[] = [];
    for (const { name, kind } of kernel.entry.storage) {
      const tensor = bindings[name];
      // A binding that a variant does not read holds an array that another one holds too.
      if (counted.some((other) => isSame(other, tensor))) continue;
      counted.push(tensor);
      const temporary = temporaryOf(tensor);
      const isRead = READS_MOSTLY.has(`${kernel.label} ${name}`);
      const onTop = kind === 'read_write' && !isRead && (temporary === null || written.has(temporary.id));
      if (kind === 'read_write' && temporary) written.add(temporary.id);
      // The one kernel that binds all gradients to add to a few: it knows which by a table.
      const whole = kernel.label === 'gradient-sum/sum_parts' && name === 'gradients';
      const touched = whole
        ? Math.min(bytesOf(tensor.shape, tensor.dtype), params.count * BLOCK_BYTES)
        : bytesOf(tensor.shape, tensor.dtype);
      bytes += touched * (onTop ? 2 : 1);
    }
  }
  return bytes;
}

function isSame({ storage: a }: Tensor, { storage: b }: Tensor): boolean {
  if (a.kind === 'slab') return b.kind === 'slab' && a.slab === b.slab && a.offset === b.offset;
  if (a.kind === 'slice') return b.kind === 'slice' && a.of === b.of && a.offset === b.offset;
  return b.kind === 'temporary' && a.id === b.id;
}
