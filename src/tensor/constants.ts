import type { Gpu } from '../gpu/device.ts';
import { materialise, release } from './compile.ts';
import { bytesOf, declareSlab, slabTensor, type Shape, type Tensor } from './tensor.ts';

/** Read-only arrays that are computed once on the host, such as rotary tables, shared by everyone who asks for one. */
export class Constants {
  private readonly known = new Map<string, { tensor: Tensor; make: () => Float32Array<ArrayBuffer> }>();

  /** The array of that key; `make` runs when it is first uploaded. */
  get(key: string, shape: Shape, make: () => Float32Array<ArrayBuffer>): Tensor {
    let entry = this.known.get(key);
    if (!entry) {
      entry = { tensor: slabTensor(key, shape, declareSlab(key, bytesOf(shape)), 0), make };
      this.known.set(key, entry);
    }
    return entry.tensor;
  }

  /** Uploads what is not on the device yet. */
  upload(gpu: Gpu): void {
    for (const { tensor, make } of this.known.values()) {
      if (tensor.storage.kind !== 'slab' || tensor.storage.slab.buffer) continue;
      gpu.write(materialise(gpu, tensor.storage.slab), 0, make());
    }
  }

  release(): void {
    for (const { tensor } of this.known.values()) {
      if (tensor.storage.kind === 'slab') release(tensor.storage.slab);
    }
  }
}
