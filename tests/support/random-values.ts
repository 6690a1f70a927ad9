/** Reproducible numbers in (-1, 1), enough for tests (a linear congruential generator). */
export function randomValues(count: number, seed = 1): Float32Array<ArrayBuffer> {
  let state = (seed * 2654435761) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
