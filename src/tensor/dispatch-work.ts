import { callsOf, type RecordedDispatch } from './graph.ts';
import { sizeOf } from './tensor.ts';

/** A GPU multiplies and adds about so many times while it reads or writes one value. */
const PRODUCTS_PER_VALUE = 40;

/** About how long dispatches take, in multiplications: enough to tell a convolution from a norm. */
export function workOf(dispatches: readonly RecordedDispatch[]): number {
  return callsOf(dispatches).reduce((sum, call) => sum + workOfCall(call), 0);
}

function workOfCall({ bindings, params, workgroups }: RecordedDispatch): number {
  const { m = 0, n = 0, k = 0, segments = 1, rows = 0, outputs = 0, channels = 0 } = params;
  // z selects one of several products, or a part of the sums of one. Rows of outputs and channels: both gradients at once.
  const products = m * n * (params.k_per_part ?? k * segments) * workgroups[2] + 2 * rows * outputs * channels;
  const values = Object.values(bindings).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return products + PRODUCTS_PER_VALUE * values;
}
