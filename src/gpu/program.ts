import type { DeviceBuffer } from './buffer.ts';
import { COPY_DST, UNIFORM, type Gpu } from './device.ts';
import type { Kernel } from './kernel.ts';

/** Part of a buffer that a dispatch binds. `offset` is a multiple of 256. */
export interface BufferRange {
  buffer: DeviceBuffer;
  offset: number;
  bytes: number;
}

export interface DispatchCall {
  kernel: Kernel;
  bindings: Readonly<Record<string, BufferRange>>;
  params: Readonly<Record<string, number>>;
  workgroups: readonly [number, number, number];
}

export interface ProgramPart {
  from?: number;
  to?: number;
  timestampWrites?: GPUComputePassTimestampWrites;
}

interface Recorded {
  label: string;
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
  x: number;
  y: number;
  z: number;
}

/** Passes that an encoder may get: with more than about 700, wgpu on Metal hangs or loses the device. */
export const MOST_PASSES = 512;
const UNIFORM_ALIGNMENT = 256;

/** A fixed list of dispatches with everything they bind. Replaying it allocates nothing on the device. */
export class Program {
  private readonly list: Recorded[];
  private readonly uniforms: DeviceBuffer;

  private constructor(list: Recorded[], uniforms: DeviceBuffer) {
    this.list = list;
    this.uniforms = uniforms;
  }

  get dispatchCount(): number {
    return this.list.length;
  }

  /** Compiles what is missing (in parallel) and binds everything once. */
  static async create(
    gpu: Gpu,
    label: string,
    calls: readonly DispatchCall[],
    onProgress?: (done: number, total: number) => void,
  ): Promise<Program> {
    const pipelines = await gpu.pipelines.getAll(
      calls.map((call) => call.kernel),
      onProgress,
    );
    let end = 0;
    const offsets = calls.map(({ kernel }) => {
      const offset = end;
      end += UNIFORM_ALIGNMENT * Math.ceil(((kernel.entry.uniform?.fields.length ?? 0) * 4) / UNIFORM_ALIGNMENT);
      return offset;
    });
    const words = new DataView(new ArrayBuffer(Math.max(UNIFORM_ALIGNMENT, end)));
    calls.forEach((call, index) => {
      checkWorkgroups(call, gpu.limits.maxComputeWorkgroupsPerDimension);
      writeParams(words, offsets[index], call);
    });
    const uniforms = gpu.createBuffer(`${label} params`, words.byteLength, UNIFORM | COPY_DST);
    try {
      gpu.write(uniforms, 0, words);
      const list = calls.map((call, index): Recorded => {
        const { raw: pipeline, layout } = pipelines.get(call.kernel.key)!;
        const [x, y, z] = call.workgroups;
        const bindGroup = bind(gpu, layout, call, uniforms, offsets[index]);
        return { label: call.kernel.label, pipeline, bindGroup, x, y, z };
      });
      return new Program(list, uniforms);
    } catch (error) {
      uniforms.destroy();
      throw error;
    }
  }

  /** Appends dispatches [from, to) as one compute pass, which may leave its times in a query set. */
  encode(encoder: GPUCommandEncoder, part: ProgramPart = {}): void {
    const { from = 0, to = this.list.length, timestampWrites } = part;
    const pass = encoder.beginComputePass(timestampWrites && { timestampWrites });
    let current: GPUComputePipeline | null = null;
    for (let i = from; i < to; i++) {
      const { pipeline, bindGroup, x, y, z } = this.list[i];
      if (pipeline !== current) {
        pass.setPipeline(pipeline);
        current = pipeline;
      }
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(x, y, z);
    }
    pass.end();
  }

  /** File and entry point of every dispatch, in order. */
  get labels(): string[] {
    return this.list.map(({ label }) => label);
  }

  destroy(): void {
    this.uniforms.destroy();
  }
}

function writeParams(words: DataView, offset: number, { kernel, params }: DispatchCall): void {
  const fields = kernel.entry.uniform?.fields ?? [];
  fields.forEach(({ name, type }, index) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${kernel.label}: Params.${name} was not given`);
    if (type !== 'f32' && !isWhole(value, type))
      throw new Error(`${kernel.label}: Params.${name} is ${value}, needs ${type}`);
    const at = offset + index * 4;
    if (type === 'f32') words.setFloat32(at, value, true);
    else if (type === 'i32') words.setInt32(at, value, true);
    else words.setUint32(at, value, true);
  });
  const known = new Set(fields.map((field) => field.name));
  for (const name of Object.keys(params)) {
    if (!known.has(name)) throw new Error(`${kernel.label}: there is no Params.${name}`);
  }
}

/** What a DataView would wrap or cut is a defect of whoever counted. */
function isWhole(value: number, type: 'u32' | 'i32'): boolean {
  return value === (type === 'u32' ? value >>> 0 : value | 0);
}

function checkWorkgroups({ kernel, workgroups }: DispatchCall, limit: number): void {
  for (const count of workgroups) {
    if (!Number.isInteger(count) || count < 1 || count > limit) {
      throw new Error(`${kernel.label}: ${workgroups.join(' x ')} workgroups, needs 1 to ${limit} in each dimension`);
    }
  }
}

function bind(
  gpu: Gpu,
  layout: GPUBindGroupLayout,
  call: DispatchCall,
  uniforms: DeviceBuffer,
  offset: number,
): GPUBindGroup {
  const { storage, uniform } = call.kernel.entry;
  const entries: GPUBindGroupEntry[] = storage.map(({ name, binding }) => {
    const range = call.bindings[name];
    if (!range) throw new Error(`${call.kernel.label}: binding ${name} was not given`);
    return { binding, resource: { buffer: range.buffer.raw, offset: range.offset, size: range.bytes } };
  });
  for (const name of Object.keys(call.bindings)) {
    if (!storage.some((b) => b.name === name)) throw new Error(`${call.kernel.label}: there is no binding ${name}`);
  }
  if (uniform) {
    const size = Math.ceil((uniform.fields.length * 4) / 16) * 16;
    entries.push({ binding: uniform.binding, resource: { buffer: uniforms.raw, offset, size } });
  }
  gpu.counts.bindGroupsCreated++;
  return gpu.device.createBindGroup({ label: call.kernel.label, layout, entries });
}
