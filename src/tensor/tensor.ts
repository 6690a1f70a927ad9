import type { DeviceBuffer } from '../gpu/buffer.ts';
import type { StoredType } from '../gpu/stored-type.ts';
import type { Graph } from './graph.ts';

export type Shape = readonly number[];
export type DType = StoredType;

/** How a trace stores what lies between its operations. */
export type ActivationType = Exclude<DType, 'u32'>;

/**
 * A persistent piece of device memory that is declared before any device exists, so that a model can be traced, planned
 * and measured without one. `ParameterStore` and `materialise` give it its buffer.
 */
export interface Slab {
  label: string;
  bytes: number;
  buffer: DeviceBuffer | null;
}

/** A place that the planner chooses. */
export interface TemporaryStorage {
  kind: 'temporary';
  id: number;
  /** May grow until the trace is complete. */
  bytes: number;
  label: string;
}

/** Where a tensor's numbers are: inside a slab, in a place of their own that the planner chooses, or in a part of one. */
export type Storage =
  | { kind: 'slab'; slab: Slab; offset: number }
  | TemporaryStorage
  | { kind: 'slice'; of: TemporaryStorage; offset: number };

/** The temporary that a tensor lies in, if it lies in one. */
export function temporaryOf({ storage }: Tensor): TemporaryStorage | null {
  if (storage.kind === 'slab') return null;
  return storage.kind === 'slice' ? storage.of : storage;
}

/** Which bytes of a slab or a temporary, which is named by its number, a tensor is. */
export function rangeOf({ storage, shape, dtype }: Tensor): { memory: Slab | number; begin: number; end: number } {
  if (storage.kind === 'temporary') return { memory: storage.id, begin: 0, end: storage.bytes };
  const { offset } = storage;
  const memory = storage.kind === 'slab' ? storage.slab : storage.of.id;
  return { memory, begin: offset, end: offset + bytesOf(shape, dtype) };
}

/** A symbolic array: shape and place, never values. */
export interface Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly storage: Storage;
  /** The trace this tensor belongs to; null for what outlives traces (parameters, tables). */
  readonly graph: Graph | null;
  /** Where this tensor's gradient accumulates when it outlives the trace (parameters, variables under test). */
  readonly gradient: Tensor | null;
  readonly requiresGradient: boolean;
  /**
   * Set by an op whose epilogue applied an activation. The gradient of such a tensor is, by convention, that of the
   * pre-activation: the product that computes it multiplies by the derivative on its way.
   */
  preactivation: { tensor: Tensor; activation: 'silu' | 'gelu' } | null;
  readonly label: string;
}

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Bytes of an array, a multiple of four. */
export function bytesOf(shape: Shape, dtype: DType = 'f32'): number {
  return dtype === 'f16' ? Math.ceil(sizeOf(shape) / 2) * 4 : sizeOf(shape) * 4;
}

/** Product of all extents but the last: how many rows of channels a tensor has. */
export function rowsOf(shape: Shape): number {
  return sizeOf(shape.slice(0, -1));
}

/** The last extent. */
export function channelsOf(shape: Shape): number {
  return shape[shape.length - 1];
}

/** What a binding's offset is a multiple of. */
export const ALIGNMENT = 256;

/** So many bytes and what is left up to where the next binding may begin. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** `[2, 3, 4]` as people write it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Declares a slab of whole vec4, so that kernels may read it as such; it has no memory until `materialise`. */
export function declareSlab(label: string, bytes: number): Slab {
  return { label, bytes: Math.max(16, Math.ceil(bytes / 16) * 16), buffer: null };
}

/** A tensor inside a slab. `offset` in bytes, a multiple of 256. */
export function slabTensor(
  label: string,
  shape: Shape,
  slab: Slab,
  offset: number,
  options: { dtype?: DType; gradient?: Tensor } = {},
): Tensor {
  return {
    label,
    shape,
    dtype: options.dtype ?? 'f32',
    storage: { kind: 'slab', slab, offset },
    graph: null,
    gradient: options.gradient ?? null,
    preactivation: null,
    requiresGradient: options.gradient !== undefined,
  };
}

/** The slab of a tensor that is known to lie in one. */
export function slabOf({ label, storage }: Tensor): Slab {
  if (storage.kind !== 'slab') throw new Error(`${label}: is a temporary, needs to be persistent`);
  return storage.slab;
}
