import { fillNormal, fillUniform } from '../random/fill.ts';
import type { Init, ParameterStore } from '../tensor/parameter-store.ts';
import { sizeOf } from '../tensor/tensor.ts';

/** PyTorch's default for Linear and Conv1d, weights and biases alike: uniform within 1 / sqrt(fan in). */
export function uniformInit(fanIn: number): Init {
  return { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) };
}

export const ONES: Init = { kind: 'constant', value: 1 };
export const ZEROS: Init = { kind: 'constant', value: 0 };
export const STANDARD_NORMAL: Init = { kind: 'normal', std: 1 };

/**
 * First values of every parameter, in the store's order and layout. Each depends on the seed and the parameter's own
 * name alone, so that adding a layer does not change the others.
 */
export function* initialValues(store: ParameterStore, seed: number): Generator<Float32Array<ArrayBuffer>> {
  const blocks = new Map<string, number>();
  for (const { name, shape, init } of store.parameters) {
    const block = blocks.get(name) ?? 0;
    blocks.set(name, block + 1);
    const stream = block === 0 ? name : `${name}#${block}`;
    const values = new Float32Array(sizeOf(shape));
    if (init.kind === 'uniform') fillUniform(values, -init.bound, init.bound, seed, stream);
    else if (init.kind === 'normal') fillNormal(values, 0, init.std, seed, stream);
    else values.fill(init.value);
    yield values;
  }
}
