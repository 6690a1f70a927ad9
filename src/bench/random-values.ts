/**
 * Numbers from `low` to `high`, the same for the same seed. A generator of its own because tens of millions are wanted,
 * which the counter-based one of src/random takes seconds for.
 */
export function randomValues(count: number, seed: number, low = -1, high = 1): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  const scale = (high - low) / 2 ** 32;
  let state = (Math.imul(seed + 1, 2654435761) + 12345) >>> 0;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = low + state * scale;
  }
  return values;
}

/** Whole numbers from `low` to below `high`. */
export function randomIds(count: number, seed: number, low: number, high: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(randomValues(count, seed, low, high), (value) => Math.min(high - 1, Math.floor(value)));
}
