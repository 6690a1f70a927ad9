import type { Gpu } from '../gpu/device.ts';
import { compile, materialise, release } from './compile.ts';
import { Graph } from './graph.ts';
import { tuningFor, type Tuning } from './tuning.ts';
import { bytesOf, declareSlab, slabTensor, sizeOf, type Shape, type Slab, type Tensor } from './tensor.ts';

type Values = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | readonly number[];

/** A trace that runs at once: for tests, checks and inspection, not for training. */
export class EagerSession {
  readonly graph: Graph;
  private readonly gpu: Gpu;
  private readonly slabs: Slab[] = [];

  constructor(gpu: Gpu, options: { training?: boolean; tuning?: Tuning } = {}) {
    this.gpu = gpu;
    this.graph = new Graph({ training: options.training ?? false, tuning: options.tuning ?? tuningFor(gpu.info) });
  }

  /** Numbers from the host that need no gradient; plain arrays become f32. */
  constant(shape: Shape, values: Values): Tensor {
    return this.graph.bind(this.upload('constant', shape, values));
  }

  /** Numbers from the host whose gradient is wanted; it starts at zero and accumulates. */
  variable(shape: Shape, values: Values): Tensor {
    const gradient = this.upload('gradient', shape, new Float32Array(sizeOf(shape)));
    const { slab, offset } = this.upload('variable', shape, values).storage as Extract<
      Tensor['storage'],
      { kind: 'slab' }
    >;
    return this.graph.bind(slabTensor('variable', shape, slab, offset, { gradient }));
  }

  /** Runs everything recorded so far and reads the given tensors, as f32 or u32 by their type. */
  async run<K extends string>(outputs: Record<K, Tensor>): Promise<Record<K, Float32Array | Uint32Array>> {
    const wanted = Object.entries(outputs) as [K, Tensor][];
    for (const [, tensor] of wanted) this.graph.keep(tensor);
    const compiled = await compile(this.gpu, 'eager', this.graph);
    // A temporary holds garbage until it is written; NaN shows whoever reads it before that.
    for (const buffer of compiled.buffers) this.gpu.write(buffer, 0, new Float32Array(buffer.bytes / 4).fill(NaN));
    const encoder = this.gpu.device.createCommandEncoder();
    compiled.program.encode(encoder);
    this.gpu.device.queue.submit([encoder.finish()]);
    const results = {} as Record<K, Float32Array | Uint32Array>;
    for (const [name, tensor] of wanted) {
      const { buffer, offset, bytes } = compiled.locate(tensor);
      const raw = await this.gpu.read(buffer, offset, bytes);
      results[name] = tensor.dtype === 'u32' ? new Uint32Array(raw) : new Float32Array(raw);
    }
    compiled.destroy();
    this.slabs.forEach(release);
    return results;
  }

  private upload(label: string, shape: Shape, values: Values): Tensor {
    if (values.length !== sizeOf(shape)) {
      throw new Error(`${label}: given ${values.length} values, needs ${sizeOf(shape)} for [${shape.join(', ')}]`);
    }
    const data = Array.isArray(values)
      ? Float32Array.from(values)
      : (values as Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>);
    const slab = declareSlab(label, bytesOf(shape));
    this.slabs.push(slab);
    this.gpu.write(materialise(this.gpu, slab), 0, data);
    return slabTensor(label, shape, slab, 0, { dtype: data instanceof Uint32Array ? 'u32' : 'f32' });
  }
}
