import { bytesOf, declareSlab, slabTensor, type Shape, type Slab, type Tensor } from './tensor.ts';

/**
 * What modules remember of a text whose tokens come one at a time. Programs for different tokens share it. It needs no
 * clearing before a new text: nobody looks further back than the position that is given.
 */
export class TextMemory {
  readonly slabs: Slab[] = [];
  private readonly kept = new Map<object, Tensor>();

  /** The numbers that `owner` keeps, the same ones every time; they hold garbage before it writes them. */
  of(owner: object, label: string, shape: Shape): Tensor {
    let tensor = this.kept.get(owner);
    if (!tensor) {
      const slab = declareSlab(label, bytesOf(shape));
      this.slabs.push(slab);
      tensor = slabTensor(label, shape, slab, 0);
      this.kept.set(owner, tensor);
    }
    return tensor;
  }
}
