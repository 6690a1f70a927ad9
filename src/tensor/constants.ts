import type { Gpu } from '../gpu/device.ts';
import { materialise, release } from './compile.ts';
import { aligned, bytesOf, declareSlab, slabTensor, type Shape, type Slab, type Tensor } from './tensor.ts';

export interface Constant {
  /** Equal keys mean equal arrays. */
  key: string;
  shape: Shape;
  /** Runs when it is first uploaded. */
  make: () => Float32Array<ArrayBuffer>;
}

interface Placed {
  tensor: Tensor;
  slab: Slab;
  /** In bytes. */
  offset: number;
  make: Constant['make'];
}

/** Read-only arrays that are computed once on the host, such as rotary tables, shared by everyone who asks for one. */
export class Constants {
  private readonly known = new Map<string, Placed>();

  /** Makes arrays that are asked for later lie in one memory. */
  declare(label: string, constants: readonly Constant[]): void {
    const distinct = [...new Map(constants.map((constant) => [constant.key, constant])).values()];
    const bytes = distinct.reduce((sum, { shape }) => sum + aligned(bytesOf(shape)), 0);
    const slab = declareSlab(label, bytes);
    let offset = 0;
    for (const { key, shape, make } of distinct) {
      this.known.set(key, { tensor: slabTensor(key, shape, slab, offset), slab, offset, make });
      offset += aligned(bytesOf(shape));
    }
  }

  /** The array of that key, which has memory of its own unless it was declared with others. */
  get(constant: Constant): Tensor {
    const { key } = constant;
    if (!this.known.has(key)) this.declare(key, [constant]);
    return this.known.get(key)!.tensor;
  }

  /** Uploads what is not on the device yet. */
  upload(gpu: Gpu): void {
    const missing = [...this.known.values()].filter(({ slab }) => !slab.buffer);
    for (const { slab, offset, make } of missing) gpu.write(materialise(gpu, slab), offset, make());
  }

  release(): void {
    for (const { slab } of this.known.values()) release(slab);
  }
}
