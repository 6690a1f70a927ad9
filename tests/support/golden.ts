import { readFile } from 'node:fs/promises';
import { readSafetensors, type StoredTensor } from '../../src/protocol/safetensors.ts';

export interface Golden<Attributes> {
  /** What the file's JSON says. */
  attributes: Attributes;
  tensors: Map<string, StoredTensor>;
  /** An f32 array. Throws where the file has none of this name. */
  floats(name: string): Float32Array<ArrayBuffer>;
  /** An i32 array as u32. Throws where the file has none of this name. */
  ids(name: string): Uint32Array<ArrayBuffer>;
  shape(name: string): number[];
}

/** What the reference computed: tests/golden/NAME.json with its NAME.safetensors. */
export async function readGolden<Attributes>(name: string): Promise<Golden<Attributes>> {
  const folder = new URL('../golden/', import.meta.url);
  const [json, file] = await Promise.all(
    ['json', 'safetensors'].map((kind) => readFile(new URL(`${name}.${kind}`, folder))),
  );
  const { tensors } = readSafetensors(new Uint8Array(file).buffer);
  const find = (key: string): StoredTensor => {
    const tensor = tensors.get(key);
    if (!tensor) throw new Error(`golden ${name}: given "${key}", needs one of ${[...tensors.keys()].join(', ')}`);
    return tensor;
  };
  return {
    attributes: JSON.parse(json.toString()) as Attributes,
    tensors,
    floats: (key) => find(key).data as Float32Array<ArrayBuffer>,
    ids: (key) => Uint32Array.from(find(key).data as Int32Array),
    shape: (key) => find(key).shape,
  };
}
