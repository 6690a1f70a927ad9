import type { AttentionShape } from '../../../src/bench/attention-shapes.ts';

/** Attention in float64 by the definition: every score of every query is there, nothing is rotated in place. */
export interface AttentionCase extends AttentionShape {
  rotary: 'none' | 'plain' | 'xpos';
}

type Numbers = ArrayLike<number>;

export interface ReferenceAttention {
  y: Float64Array;
  lse: Float64Array;
  /** Of query t and key u in one head: [batch][head][t][u]. */
  probabilities: number[][][][];
  dqkv: Float64Array;
}

/** [cos, sin, zeta] of a pair in a row; xpos is centred on half of the rows. */
function factors({ tokens, dilation, dimHead, rotary }: AttentionCase, row: number, pair: number): number[] {
  if (rotary === 'none') return [1, 0, 1];
  const angle = row / 10_000 ** ((2 * pair) / dimHead);
  const base = (2 * pair + 0.4 * dimHead) / (1.4 * dimHead);
  const power = (row - Math.floor(Math.ceil(tokens / dilation) / 2)) / 512;
  return [Math.cos(angle), Math.sin(angle), rotary === 'xpos' ? base ** power : 1];
}

/** Matrix of a row's rotation for queries (side 0) or keys (side 1), applied to a head's channels or, transposed, back. */
function rotate(shape: AttentionCase, x: number[], row: number, side: number, transposed = false): number[] {
  const half = shape.dimHead / 2;
  const turned = x.slice();
  for (let pair = 0; pair < half; pair++) {
    const [cos, sine, zeta] = factors(shape, row, pair);
    const sin = transposed ? -sine : sine;
    const scale = side === 0 ? zeta : 1 / zeta;
    turned[pair] = (x[pair] * cos - x[pair + half] * sin) * scale;
    turned[pair + half] = (x[pair + half] * cos + x[pair] * sin) * scale;
  }
  return turned;
}

const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
const addScaled = (sum: number[], x: number[], factor: number): void => x.forEach((v, i) => (sum[i] += v * factor));

/** Output, log-sum-exp, probabilities and, given dy, the gradient of qkv by the softmax's own derivative. */
export function referenceAttention(shape: AttentionCase, qkv: Numbers, dy: Numbers): ReferenceAttention {
  const { batch, tokens, heads, dimHead, window, dilation } = shape;
  const width = heads * dimHead;
  const y = new Float64Array(batch * tokens * width);
  const lse = new Float64Array(batch * tokens * heads);
  const dqkv = new Float64Array(qkv.length);
  const zeros = (): number[] => Array.from({ length: dimHead }, () => 0);
  const probabilities = Array.from({ length: batch }, (_, b) =>
    Array.from({ length: heads }, (_, h) => {
      const at = (t: number, part: number): number => ((b * tokens + t) * 3 + part) * width + h * dimHead;
      const read = (t: number, part: number): number[] =>
        Array.from({ length: dimHead }, (_, i) => qkv[at(t, part) + i]);
      const row = (t: number): number => Math.floor(t / dilation);
      const q = Array.from({ length: tokens }, (_, t) => rotate(shape, read(t, 0), row(t), 0));
      const k = Array.from({ length: tokens }, (_, t) => rotate(shape, read(t, 1), row(t), 1));
      const v = Array.from({ length: tokens }, (_, t) => read(t, 2));
      const dk = k.map(zeros);
      const dv = v.map(zeros);
      const weights = q.map((query, t) => {
        const seen: number[] = [];
        for (let u = t; u >= 0 && t - u <= (window ?? tokens) * dilation; u -= dilation) seen.push(u);
        const scores = seen.map((u) => dot(query, k[u]) / Math.sqrt(dimHead));
        const most = Math.max(...scores);
        const logSum = most + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - most), 0));
        const p = scores.map((score) => Math.exp(score - logSum));
        const out = zeros();
        seen.forEach((u, i) => addScaled(out, v[u], p[i]));
        const place = (b * tokens + t) * width + h * dimHead;
        y.set(out, place);
        lse[(b * tokens + t) * heads + h] = logSum;

        const dout = Array.from({ length: dimHead }, (_, i) => dy[place + i]);
        const mean = dot(dout, out);
        const dq = zeros();
        seen.forEach((u, i) => {
          const slope = (p[i] * (dot(dout, v[u]) - mean)) / Math.sqrt(dimHead);
          addScaled(dq, k[u], slope);
          addScaled(dk[u], query, slope);
          addScaled(dv[u], dout, p[i]);
        });
        dqkv.set(rotate(shape, dq, row(t), 0, true), at(t, 0));
        const line = Array.from({ length: tokens }, () => 0);
        seen.forEach((u, i) => (line[u] = p[i]));
        return line;
      });
      for (let t = 0; t < tokens; t++) {
        dqkv.set(rotate(shape, dk[t], row(t), 1, true), at(t, 1));
        dqkv.set(dv[t], at(t, 2));
      }
      return weights;
    }),
  );
  return { y, lse, probabilities, dqkv };
}
