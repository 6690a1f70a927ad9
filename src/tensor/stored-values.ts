import { floatsOf, halvesOf } from './half.ts';
import { sizeOf, type ActivationType, type Tensor } from './tensor.ts';

/** The bytes of an array as a tensor of this type holds them, a multiple of four of them. */
export function storedAs(
  dtype: ActivationType,
  values: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  if (dtype === 'f32') return values;
  const halves = halvesOf(values);
  if (dtype === 'f16-rounded') return floatsOf(halves);
  const even = new Uint16Array(halves.length + (halves.length % 2));
  even.set(halves);
  return even;
}

/** The numbers of a tensor, u32 as such and all else as f32, from the bytes that it holds. */
export function valuesOf(
  { dtype, shape }: Tensor,
  raw: ArrayBuffer,
): Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  if (dtype === 'u32') return new Uint32Array(raw);
  return dtype === 'f16' ? floatsOf(new Uint16Array(raw, 0, sizeOf(shape))) : new Float32Array(raw);
}
