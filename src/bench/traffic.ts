import type { RecordedDispatch } from '../tensor/graph.ts';
import { bytesOf, type Storage } from '../tensor/tensor.ts';

/**
 * Bytes that dispatches have to move at least: every array that one binds is read or written once; what is written on
 * top of something (a gradient that accumulates, Adam's moments) is read as well. Where a dispatch touches a part of an
 * array only, this is more than it moves.
 */
export function bytesMoved(dispatches: readonly RecordedDispatch[]): number {
  const written = new Set<number>();
  let bytes = 0;
  for (const { kernel, bindings } of dispatches) {
    const counted: Storage[] = [];
    for (const { name, kind } of kernel.entry.storage) {
      const tensor = bindings[name];
      // A binding that a variant does not read holds an array that another one holds too.
      if (counted.some((other) => isSame(other, tensor.storage))) continue;
      counted.push(tensor.storage);
      const onTop = kind === 'read_write' && (tensor.storage.kind === 'slab' || written.has(tensor.storage.id));
      if (kind === 'read_write' && tensor.storage.kind === 'temporary') written.add(tensor.storage.id);
      bytes += bytesOf(tensor.shape) * (onTop ? 2 : 1);
    }
  }
  return bytes;
}

function isSame(a: Storage, b: Storage): boolean {
  if (a.kind === 'slab') return b.kind === 'slab' && a.slab === b.slab && a.offset === b.offset;
  return b.kind === 'temporary' && a.id === b.id;
}
