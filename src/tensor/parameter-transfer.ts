import type { Gpu } from '../gpu/device.ts';
import { materialise } from './compile.ts';
import type { Parameter, ParameterStore, Segment } from './parameter-store.ts';
import { sizeOf, type Shape } from './tensor.ts';

/** Host values by the names and in the layout of the reference's `state_dict`. */
export type StateDict = Map<string, { shape: Shape; data: Float32Array<ArrayBuffer> }>;

export type StateKind = 'weights' | 'gradients' | 'firstMoments' | 'secondMoments';

/** Copies values to the device. Throws when a parameter is missing or has another shape; other names are left alone. */
export function uploadState(
  gpu: Gpu,
  store: ParameterStore,
  kind: StateKind,
  state: ReadonlyMap<string, { shape: Shape; data: ArrayLike<number> }>,
): void {
  const used = new Map<string, number>();
  for (const parameter of store.parameters) {
    const entry = state.get(parameter.name);
    if (!entry) throw new Error(`${parameter.name}: missing, needs [${fileShapeOf(parameter).join(', ')}]`);
    checkShape(store, parameter, entry.shape);
    const start = used.get(parameter.name) ?? 0;
    const size = sizeOf(parameter.shape);
    used.set(parameter.name, start + size);
    const values = Float32Array.from({ length: size }, (_, i) => entry.data[start + fileIndex(parameter, i)]);
    writeParameter(gpu, store, kind, parameter, values);
  }
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
    const values = new Float32Array(size);
    for (let i = 0; i < size; i++) values[fileIndex(parameter, i)] = source[i];
    const known = state.get(parameter.name);
    const shape = fileShapeOf(parameter);
    state.set(parameter.name, known ? joinRows(known, { shape, data: values }) : { shape, data: values });
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

/** Where element i of the engine's layout is in a file. */
function fileIndex(parameter: Parameter, i: number): number {
  if (!parameter.tapMajor) return i;
  const [, taps, channels] = parameter.shape;
  const o = Math.floor(i / (taps * channels));
  const tap = Math.floor(i / channels) % taps;
  return (o * channels + (i % channels)) * taps + tap;
}

function joinRows(first: { shape: Shape; data: Float32Array }, second: { shape: Shape; data: Float32Array }) {
  const data = new Float32Array(first.data.length + second.data.length);
  data.set(first.data);
  data.set(second.data, first.data.length);
  return { shape: [first.shape[0] + second.shape[0], ...first.shape.slice(1)], data };
}

function checkShape(store: ParameterStore, parameter: Parameter, given: Shape): void {
  const blocks = store.parameters.filter(({ name }) => name === parameter.name);
  const shape = fileShapeOf(parameter);
  const rows = blocks.reduce((sum, block) => sum + fileShapeOf(block)[0], 0);
  const needed = [rows, ...shape.slice(1)];
  if (given.join() !== needed.join()) {
    throw new Error(`${parameter.name}: given [${given.join(', ')}], needs [${needed.join(', ')}]`);
  }
}
