import type { Gpu } from '../gpu/device.ts';
import { compile, materialise, release, type CompiledGraph } from './compile.ts';
import { Graph } from './graph.ts';
import { tuningFor, type Tuning } from './tuning.ts';
import { storedAs, valuesOf } from './stored-values.ts';
import {
  bytesOf,
  declareSlab,
  slabTensor,
  sizeOf,
  type ActivationType,
  type Shape,
  type Slab,
  type Tensor,
} from './tensor.ts';

type Values = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | readonly number[];

/** A trace that runs at once: for tests, checks and inspection, not for training. */
export class EagerSession {
  readonly graph: Graph;
  private readonly gpu: Gpu;
  private readonly slabs: Slab[] = [];

  constructor(gpu: Gpu, options: { training?: boolean; tuning?: Tuning; activations?: ActivationType } = {}) {
    const { training = false, tuning = tuningFor(gpu.info), activations } = options;
    this.gpu = gpu;
    this.graph = new Graph({ training, tuning, activations });
  }

  /** Numbers from the host that need no gradient; plain arrays become f32. */
  constant(shape: Shape, values: Values): Tensor {
    return this.graph.bind(this.upload('constant', shape, values));
  }

  /** Numbers from the host whose gradient is wanted; it starts at zero and accumulates. */
  variable(shape: Shape, values: Values): Tensor {
    return this.withGradient(shape, values, 'f32');
  }

  /** A variable that is stored as the activations of this trace are. */
  activation(shape: Shape, values: Values): Tensor {
    return this.withGradient(shape, values, this.graph.activations);
  }

  /**
   * Runs everything recorded so far and reads the given tensors, u32 as such and all else as f32. Leaves no memory behind, also where
   * it throws.
   */
  async run<K extends string>(outputs: Record<K, Tensor>): Promise<Record<K, Float32Array | Uint32Array>> {
    const wanted = Object.entries(outputs) as [K, Tensor][];
    for (const [, tensor] of wanted) this.graph.keep(tensor);
    let compiled: CompiledGraph | null = null;
    try {
      compiled = await compile(this.gpu, 'eager', this.graph);
      return await this.results(compiled, wanted);
    } finally {
      compiled?.destroy();
      this.release();
    }
  }

  /** Gives all memory back: for a session that is not run. */
  release(): void {
    this.slabs.forEach(release);
  }

  private async results<K extends string>(
    compiled: CompiledGraph,
    wanted: readonly [K, Tensor][],
  ): Promise<Record<K, Float32Array | Uint32Array>> {
    // A temporary holds garbage until it is written; NaN shows whoever reads it before that.
    for (const buffer of compiled.buffers) this.gpu.write(buffer, 0, new Float32Array(buffer.bytes / 4).fill(NaN));
    const encoder = this.gpu.device.createCommandEncoder();
    compiled.program.encode(encoder);
    this.gpu.device.queue.submit([encoder.finish()]);
    // All at once: each wait for the GPU takes as long as the others.
    const results = await Promise.all(
      wanted.map(async ([name, tensor]) => {
        const { buffer, offset, bytes } = compiled.locate(tensor);
        return [name, valuesOf(tensor, await this.gpu.read(buffer, offset, bytes))] as const;
      }),
    );
    return Object.fromEntries(results) as Record<K, Float32Array | Uint32Array>;
  }

  private withGradient(shape: Shape, values: Values, dtype: ActivationType): Tensor {
    const gradient = this.upload('gradient', shape, new Float32Array(sizeOf(shape)), dtype);
    return this.graph.bind({ ...this.upload('variable', shape, values, dtype), gradient, requiresGradient: true });
  }

  private upload(label: string, shape: Shape, values: Values, dtype: ActivationType = 'f32'): Tensor {
    if (values.length !== sizeOf(shape)) {
      throw new Error(`${label}: given ${values.length} values, needs ${sizeOf(shape)} for [${shape.join(', ')}]`);
    }
    const data = Array.isArray(values)
      ? Float32Array.from(values)
      : (values as Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>);
    const slab = declareSlab(label, bytesOf(shape, dtype));
    this.slabs.push(slab);
    this.gpu.write(materialise(this.gpu, slab), 0, data instanceof Float32Array ? storedAs(dtype, data) : data);
    return slabTensor(label, shape, slab, 0, { dtype: data instanceof Uint32Array ? 'u32' : dtype });
  }
}
