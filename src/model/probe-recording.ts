import { fillNormal } from '../random/fill.ts';
import type { EagerSession } from '../tensor/eager.ts';
import { sizeOf, type Shape, type Tensor } from '../tensor/tensor.ts';

export type Tensors = Record<string, Tensor>;

export interface KernelProbe {
  /** Words behind the name of a kernel that say which of its kind this is about, or nothing. */
  of: string;
  /** Records an op with its backward pass on random numbers, the same ones each time. Returns everything that it computes. */
  record(session: EagerSession): Tensors;
}

export type Recording = KernelProbe['record'];

/** Records the gradients of inputs from random ones of results. Returns both. */
export function withGradients(session: EagerSession, results: Tensors, inputs: Tensors): Tensors {
  for (const [name, result] of Object.entries(results)) {
    session.graph.seedGradient(result, activation(session, `d${name}`, result.shape));
  }
  session.graph.backward();
  return { ...results, ...gradientsOf(inputs) };
}

/** The gradients of variables, by names that begin with a d. */
export function gradientsOf(inputs: Tensors): Tensors {
  return Object.fromEntries(Object.entries(inputs).map(([name, { gradient }]) => [`d${name}`, gradient!]));
}

/** A variable of random numbers that is stored as activations are. */
export function activation(session: EagerSession, name: string, shape: Shape): Tensor {
  return session.activation(shape, someNormal(name, shape));
}

/** A variable of random numbers. */
export function variable(session: EagerSession, name: string, shape: Shape): Tensor {
  return session.variable(shape, someNormal(name, shape));
}

/** Normal numbers, the same ones for each name. */
export function someNormal(name: string, shape: Shape): Float32Array<ArrayBuffer> {
  const values = new Float32Array(sizeOf(shape));
  fillNormal(values, 0, 1, 0, name);
  return values;
}
