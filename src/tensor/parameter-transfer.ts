import type { Gpu } from '../gpu/device.ts';
import { materialise } from './compile.ts';
import type { Parameter, ParameterStore, Segment } from './parameter-store.ts';
import { sizeOf, type Shape } from './tensor.ts';

/** Host values by the names and in the layout of the reference's `state_dict`. */
export type StateDict = Map<string, { shape: Shape; data: Float32Array<ArrayBuffer> }>;

export type StateKind = 'weights' | 'gradients' | 'firstMoments' | 'secondMoments';

type Values = { shape: Shape; data: Float32Array | Float64Array };

/** Copies values to the device. Throws when a parameter is missing or has another shape; other names are left alone. */
export function uploadState(
  gpu: Gpu,
  store: ParameterStore,
  kind: StateKind,
  state: ReadonlyMap<string, Values>,
): void {
  for (const parameter of store.parameters) {
    const entry = entryOf(store, parameter, state);
    const { first, indexOf } = filePlaceOf(store, parameter);
    const values = new Float32Array(sizeOf(parameter.shape));
    if (indexOf === null) values.set(entry.data.subarray(first, first + values.length));
    else for (let i = 0; i < values.length; i++) values[i] = entry.data[indexOf(i)];
    writeParameter(gpu, store, kind, parameter, values);
  }
}

/** Throws an Error that names a parameter which has no values in `state`, or some of another shape. */
export function checkState(store: ParameterStore, state: ReadonlyMap<string, Values>): void {
  for (const parameter of store.parameters) entryOf(store, parameter, state);
}

function entryOf(store: ParameterStore, parameter: Parameter, state: ReadonlyMap<string, Values>): Values {
  const entry = state.get(parameter.name);
  const joined = joinedShape(blocksOf(store, parameter));
  if (!entry) throw new Error(`${parameter.name}: missing, needs [${joined.join(', ')}]`);
  if (entry.shape.join() !== joined.join()) {
    throw new Error(`${parameter.name}: given [${entry.shape.join(', ')}], needs [${joined.join(', ')}]`);
  }
  return entry;
}

/** Copies one parameter's values, in the engine's layout, to the device. */
export function writeParameter(
  gpu: Gpu,
  store: ParameterStore,
  kind: StateKind,
  parameter: Parameter,
  values: Float32Array<ArrayBuffer>,
): void {
  gpu.write(materialise(gpu, store.segments[parameter.segment][kind]), parameter.offset, values);
}

/** Reads all parameters (or gradients, or moments) back, in file layout. Waits for the GPU. */
export async function downloadState(gpu: Gpu, store: ParameterStore, kind: StateKind): Promise<StateDict> {
  const raw = await Promise.all(store.segments.map((segment) => readSlab(gpu, segment, kind)));
  const state: StateDict = new Map();
  for (const parameter of store.parameters) {
    const size = sizeOf(parameter.shape);
    const source = new Float32Array(raw[parameter.segment], parameter.offset, size);
    let entry = state.get(parameter.name);
    if (!entry) {
      const shape = joinedShape(blocksOf(store, parameter));
      entry = { shape, data: new Float32Array(sizeOf(shape)) };
      state.set(parameter.name, entry);
    }
    const { first, indexOf } = filePlaceOf(store, parameter);
    if (indexOf === null) entry.data.set(source, first);
    else for (let i = 0; i < size; i++) entry.data[indexOf(i)] = source[i];
  }
  return state;
}

async function readSlab(gpu: Gpu, segment: Segment, kind: StateKind): Promise<ArrayBuffer> {
  const buffer = materialise(gpu, segment[kind]);
  return gpu.read(buffer, 0, buffer.bytes);
}

function fileShapeOf(parameter: Parameter): Shape {
  return parameter.fileShape ?? parameter.shape;
}

/** All parameters that are one tensor in files, in order. */
function blocksOf({ parameters }: ParameterStore, { name }: Parameter): Parameter[] {
  return parameters.filter((other) => other.name === name);
}

function joinedShape(blocks: readonly Parameter[]): Shape {
  const axis = blocks[0].blocks === 'columns' ? 1 : 0;
  const extent = blocks.reduce((sum, block) => sum + fileShapeOf(block)[axis], 0);
  return fileShapeOf(blocks[0]).with(axis, extent);
}

/** Where a parameter is in the file's tensor. */
interface FilePlace {
  /** Of its first element. */
  first: number;
  /** Of element i in the engine's layout; null where the file has the same, so that all of it can be copied at once. */
  indexOf: ((i: number) => number) | null;
}

function filePlaceOf(store: ParameterStore, parameter: Parameter): FilePlace {
  const blocks = blocksOf(store, parameter);
  const before = blocks.slice(0, blocks.indexOf(parameter));
  if (parameter.blocks === 'columns') {
    const columns = parameter.shape[1];
    const first = before.reduce((sum, { shape }) => sum + shape[1], 0);
    const pitch = blocks.reduce((sum, { shape }) => sum + shape[1], 0);
    return { first, indexOf: (i) => first + Math.floor(i / columns) * pitch + (i % columns) };
  }
  const first = before.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (!parameter.tapMajor) return { first, indexOf: null };
  const [, taps, channels] = parameter.shape;
  const indexOf = (i: number): number => {
    const o = Math.floor(i / (taps * channels));
    const tap = Math.floor(i / channels) % taps;
    return first + (o * channels + (i % channels)) * taps + tap;
  };
  return { first, indexOf };
}
