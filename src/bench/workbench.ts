import type { Gpu } from '../gpu/device.ts';
import { compile, materialise, release, type CompiledGraph } from '../tensor/compile.ts';
import { Graph } from '../tensor/graph.ts';
import { floatsOf, halvesOf } from '../tensor/half.ts';
import { storedAs } from '../tensor/stored-values.ts';
import {
  bytesOf,
  declareSlab,
  slabTensor,
  temporaryOf,
  sizeOf,
  type ActivationType,
  type DType,
  type Shape,
  type Slab,
  type Tensor,
} from '../tensor/tensor.ts';
import type { Tuning } from '../tensor/tuning.ts';
import { randomIds, randomValues } from './random-values.ts';

type Values = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

interface Input {
  slab: Slab;
  dtype: DType;
  /** Whether it is the gradient of another, which kernels add to. */
  isSum: boolean;
  make: () => Values;
}

/** Bits of a NaN of f32, and of two of f16. */
const NOT_A_NUMBER = 0xffffffff;
/** Numbers that are poisoned at a time. */
const CHUNK = 2 ** 20;

/** A trace under measurement: inputs of random numbers that exist once somebody asks for them, and the kernels' calls. */
export class Workbench {
  readonly graph: Graph;
  private readonly inputs: Input[] = [];
  private readonly made = new Map<Slab, Values>();

  /** @param activations how what `activation` and `activationVariable` declare is stored, and what kernels make of it */
  constructor(tuning: Tuning, activations: ActivationType = 'f32') {
    this.graph = new Graph({ training: true, tuning, activations });
  }

  /** An array that needs no gradient; random numbers from -1 to 1 unless `make` says otherwise. */
  input(label: string, shape: Shape, make: Make = randomOf(shape)): Tensor {
    return this.graph.bind(this.declare(label, shape, make, 'f32'));
  }

  /** The same of what a model computes from others, which is stored as such. */
  activation(label: string, shape: Shape): Tensor {
    return this.graph.bind(this.declare(label, shape, randomOf(shape), this.graph.activations));
  }

  /** An array of u32. */
  words(label: string, shape: Shape, make: () => Uint32Array<ArrayBuffer>): Tensor {
    return this.graph.bind(this.declare(label, shape, make, 'u32'));
  }

  /** Whole numbers from `low` to below `high`. */
  ids(label: string, shape: Shape, low: number, high: number): Tensor {
    return this.graph.bind(this.declare(label, shape, (seed) => randomIds(sizeOf(shape), seed, low, high), 'u32'));
  }

  /** An array whose gradient is wanted; it starts at zero, unless `startFrom` says otherwise, and accumulates. */
  variable(label: string, shape: Shape): Tensor {
    return this.withGradient(label, shape, 'f32');
  }

  /** The same of what a model computes from others, which is stored as such, and so is its gradient. */
  activationVariable(label: string, shape: Shape): Tensor {
    return this.withGradient(label, shape, this.graph.activations);
  }

  /** Starts the backward pass at `y` with a random gradient, which is returned. */
  backward(y: Tensor): Tensor {
    const dy = this.graph.bind(this.declare('dy', y.shape, randomOf(y.shape), y.dtype));
    this.graph.seedGradient(y, dy);
    this.graph.backward();
    return dy;
  }

  /** What an input holds before anything runs. */
  values(tensor: Tensor): Values {
    const values = this.before(tensor);
    if (!values) throw new Error(`${tensor.label}: is no input`);
    return values;
  }

  /** What a tensor holds before anything runs; null for what kernels have to write, which is NaN. */
  before(tensor: Tensor): Values | null {
    const input = this.inputOf(tensor);
    return input ? this.valuesOf(input) : null;
  }

  /**
   * Has the gradient of a `variable` start from random numbers up to `size`, which are returned: what nobody adds to and what
   * somebody overwrites can be told then. Null for any other tensor, which stays as it is.
   */
  startFrom(gpu: Gpu, tensor: Tensor, size: number): Values | null {
    const input = this.inputOf(tensor);
    if (!input?.isSum) return null;
    const start = randomValues(sizeOf(tensor.shape), this.inputs.indexOf(input), -size, size);
    this.made.set(input.slab, roundedAs(input.dtype, start));
    this.upload(gpu, input);
    return this.valuesOf(input);
  }

  /** Uploads all inputs and makes the trace ready to run; what kernels have to write is NaN before they do. */
  async compile(gpu: Gpu): Promise<CompiledGraph> {
    // Parts of the trace run again and again, so nothing may take the place of what an earlier part has left.
    for (const tensor of this.temporaries().values()) this.graph.keep(tensor);
    await gpu.guarded('inputs', () => {
      for (const { slab } of this.inputs) materialise(gpu, slab);
    });
    const compiled = await compile(gpu, 'benchmark', this.graph);
    const poison = new Uint32Array(CHUNK).fill(NOT_A_NUMBER);
    for (const buffer of compiled.buffers) {
      for (let at = 0; at < buffer.bytes; at += 4 * CHUNK) {
        gpu.write(buffer, at, poison.subarray(0, Math.min(CHUNK, (buffer.bytes - at) / 4)));
      }
    }
    for (const input of this.inputs) this.upload(gpu, input);
    return compiled;
  }

  /** Lets go of the numbers on the host. */
  forget(): void {
    this.made.clear();
  }

  release(): void {
    this.forget();
    for (const { slab } of this.inputs) release(slab);
  }

  private temporaries(): Map<number, Tensor> {
    const found = new Map<number, Tensor>();
    for (const { bindings } of this.graph.dispatches) {
      for (const tensor of Object.values(bindings)) {
        const temporary = temporaryOf(tensor);
        if (temporary) found.set(temporary.id, tensor);
      }
    }
    return found;
  }

  private withGradient(label: string, shape: Shape, dtype: ActivationType): Tensor {
    const gradient = this.declare(`d ${label}`, shape, () => new Float32Array(sizeOf(shape)), dtype, true);
    return this.graph.bind({ ...this.declare(label, shape, randomOf(shape), dtype), gradient, requiresGradient: true });
  }

  private inputOf({ storage }: Tensor): Input | undefined {
    return this.inputs.find(({ slab }) => storage.kind === 'slab' && slab === storage.slab);
  }

  private valuesOf({ slab, dtype, make }: Input): Values {
    let values = this.made.get(slab);
    if (!values) {
      values = roundedAs(dtype, make());
      this.made.set(slab, values);
    }
    return values;
  }

  private upload(gpu: Gpu, input: Input): void {
    const { slab, dtype } = input;
    const values = this.valuesOf(input);
    const bytes = dtype === 'u32' || values instanceof Uint32Array ? values : storedAs(dtype, values);
    gpu.write(materialise(gpu, slab), 0, bytes);
  }

  private declare(label: string, shape: Shape, make: Make, dtype: DType, isSum = false): Tensor {
    const slab = declareSlab(label, bytesOf(shape, dtype));
    const seed = this.inputs.length;
    this.inputs.push({ slab, dtype, isSum, make: () => make(seed) });
    return slabTensor(label, shape, slab, 0, { dtype });
  }
}

/** Numbers as they are once they are stored. */
function roundedAs(dtype: DType, values: Values): Values {
  const isWhole = dtype === 'f32' || dtype === 'u32';
  return isWhole ? values : floatsOf(halvesOf(values));
}

type Make = (seed: number) => Values;

const randomOf =
  (shape: Shape): Make =>
  (seed) =>
    randomValues(sizeOf(shape), seed);
