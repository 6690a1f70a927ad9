/** What the reference fills the logits outside of the top k with. */
const LOWEST = -3.4028234663852886e38;
/** Smallest argument of a logarithm, and smallest temperature, that the reference lets through; f32 where it is f32. */
const LEAST_LOG_ARGUMENT = Math.fround(1e-20);
const LEAST_TEMPERATURE = 1e-10;
const TWO_POW_24 = 2 ** 24;

/** How many of `classes` logits a threshold such as 0.9 keeps; 0 for few classes, as (1 - 0.9) * 10 is just below 1. */
export function topKFromThreshold(classes: number, threshold: number): number {
  return Math.trunc((1 - threshold) * classes);
}

/**
 * The logits with all but the k largest set to the lowest f32. Exactly k survive, of equal ones those of the lowest
 * index.
 */
export function topKFilter(logits: Float32Array, k: number): Float32Array<ArrayBuffer> {
  const filtered = new Float32Array(logits.length).fill(LOWEST);
  if (k <= 0) return filtered;
  const sorted = logits.slice().sort();
  const least = sorted[Math.max(0, sorted.length - k)];
  let places = Math.min(k, logits.length) - logits.reduce((above, x) => above + (x > least ? 1 : 0), 0);
  logits.forEach((x, i) => {
    if (x > least || (x === least && places-- > 0)) filtered[i] = x;
  });
  return filtered;
}

export interface SamplingOptions {
  /** 0 picks the largest logit. */
  temperature: number;
  /** How many of the largest logits may be picked. With 0 it is always the first class, as in the reference. */
  topK: number;
  /** A number in [0, 1) for each class; its first 24 bits are used, as many as an f32 below 1 has. */
  uniform: (index: number) => number;
}

/** Draws a class from logits by adding Gumbel noise to the top k and taking the largest; in f32 like the reference. */
export function sampleToken(logits: Float32Array, { temperature, topK, uniform }: SamplingOptions): number {
  const divisor = Math.fround(Math.max(temperature, LEAST_TEMPERATURE));
  let best = 0;
  let highest = -Infinity;
  topKFilter(logits, topK).forEach((x, i) => {
    const score = Math.fround(Math.fround(x / divisor) + gumbel(uniform(i)));
    if (score > highest) {
      highest = score;
      best = i;
    }
  });
  return best;
}

/** -log(-log(u)) of a uniform number: Gumbel noise, at most 16.6, since u is cut to 24 bits and so stays below 1. */
export function gumbel(uniform: number): number {
  return negativeLog(negativeLog(Math.floor(uniform * TWO_POW_24) / TWO_POW_24));
}

function negativeLog(x: number): number {
  return -Math.fround(Math.log(Math.max(x, LEAST_LOG_ARGUMENT)));
}
