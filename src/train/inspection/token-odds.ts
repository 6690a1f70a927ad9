import type { Candidates } from '../../protocol/inspection.ts';

/**
 * Bits that each token of a text costs, -log2 p(text[t] | text[..t-1]), from logits [positions, classes]; NaN at
 * position 0, which nothing predicts. Computed in float64.
 */
export function bitsOf(logits: Float32Array, classes: number, text: Uint8Array): Float32Array {
  const bits = new Float32Array(text.length).fill(NaN);
  for (let t = 1; t < text.length; t++) {
    const row = logits.subarray((t - 1) * classes, t * classes);
    bits[t] = (logSumExp(row) - row[text[t]]) / Math.LN2;
  }
  return bits;
}

/**
 * Place of each token of a text among all that could have stood there, 1 = the most likely; 0 at position 0. Of equals the
 * lower token is first.
 */
export function ranksOf(logits: Float32Array, classes: number, text: Uint8Array): Uint16Array {
  return Uint16Array.from(text, (token, t) => {
    if (t === 0) return 0;
    const row = logits.subarray((t - 1) * classes, t * classes);
    let rank = 1;
    for (let other = 0; other < classes; other++) {
      if (row[other] > row[token] || (row[other] === row[token] && other < token)) rank++;
    }
    return rank;
  });
}

/** The most likely tokens after each of the first `positions` positions, most likely first. */
export function candidatesOf(logits: Float32Array, classes: number, positions: number, count: number): Candidates {
  const bytes = new Uint8Array(positions * count);
  const probabilities = new Float32Array(positions * count);
  for (let t = 0; t < positions; t++) {
    const row = logits.subarray(t * classes, (t + 1) * classes);
    const total = logSumExp(row);
    const order = Array.from(row.keys()).sort((a, b) => row[b] - row[a]);
    for (let i = 0; i < count; i++) {
      bytes[t * count + i] = order[i];
      probabilities[t * count + i] = Math.exp(row[order[i]] - total);
    }
  }
  return { count, bytes, probabilities };
}

/** The likeliest token by a row of logits; of equals the lowest. */
export function likeliestIn(row: Float32Array): number {
  return row.reduce((best, value, token) => (value > row[best] ? token : best), 0);
}

/** ln of the sum of exp(x), for numbers of any size, in float64. */
export function logSumExp(row: Float32Array): number {
  let most = -Infinity;
  for (const x of row) most = Math.max(most, x);
  let sum = 0;
  for (const x of row) sum += Math.exp(x - most);
  return most + Math.log(sum);
}
