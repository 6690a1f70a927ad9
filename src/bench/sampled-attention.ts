import type { AttentionShape } from './attention-shapes.ts';
import { spread } from './kernel-case.ts';

type Numbers = ArrayLike<number>;

interface Weights {
  /** Positions of the keys that a query sees, and their probabilities. */
  keys: number[];
  p: number[];
  out: number[];
}

/** Keys at the end of a sequence are seen by few queries, so that their gradients are soon had. */
const LAST_KEYS = 48;

const dot = (a: Numbers, b: Numbers): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Rows of the smallest tile that a workgroup computes. */
const TILE = 32;

interface Given {
  qkv: Numbers;
  table: Numbers;
  dy: Numbers;
}

/**
 * Elements of the result [B, T, H D] and of the gradient of q, k and v: of every head of every batch item, and where there
 * is a window of every tile of positions. Without one a key's gradient needs all queries behind it, so those are of few tiles.
 */
export function attentionSamples(shape: AttentionShape, given: Given) {
  const { batch, tokens, heads, dimHead, window } = shape;
  const outputs: [index: number, expected: number][] = [];
  const gradients: [index: number, expected: number][] = [];
  const put = (into: [number, number][], row: number, head: number, values: readonly number[]): void =>
    values.forEach((value, i) => into.push([(row * heads + head) * dimHead + i, value]));
  const pairs = batch * heads;
  const each = window === null ? 1 : Math.ceil(tokens / TILE / pairs);
  for (let pair = 0; pair < pairs; pair++) {
    const [item, head] = [Math.floor(pair / heads), pair % heads];
    const sampled = new SampledAttention(shape, head, item, given);
    const isLast = pair === pairs - 1;
    const places = placesOf(tokens, pair, pairs, each);
    for (const t of isLast ? new Set([...spread(tokens, 4), ...places]) : places) {
      put(outputs, item * tokens + t, head, sampled.output(t));
      put(gradients, (item * tokens + t) * 3, head, sampled.queryGradient(t).dq);
    }
    const keys = window === null ? [Math.max(0, tokens - 1 - (pair % 4))] : places;
    for (const u of isLast ? new Set([...sampled.cheapKeys(), ...keys]) : keys) {
      const { dk, dv } = sampled.keyGradients(u);
      put(gradients, (item * tokens + u) * 3 + 1, head, dk);
      put(gradients, (item * tokens + u) * 3 + 2, head, dv);
    }
  }
  return { outputs, gradients };
}

/** Elements of q and k without a gradient, since where a query sees a single key its probability is 1 whatever they are. */
export function withoutGradient({ batch, tokens, heads, dimHead, dilation }: AttentionShape): number {
  const first = Math.min(dilation, tokens);
  const alone = first - Math.min(first, Math.max(0, tokens - dilation));
  return batch * (first + alone) * heads * dimHead;
}

/** The `each` positions that one of `pairs` heads looks at: all heads together spread theirs over all tiles, each at another row. */
function placesOf(tokens: number, pair: number, pairs: number, each: number): number[] {
  const tiles = Math.ceil(tokens / TILE);
  const places = Array.from({ length: each }, (_, i) => {
    const turn = i * pairs + pair;
    const tile = Math.floor((turn / (each * pairs)) * tiles);
    return Math.min(tokens - 1, tile * TILE + ((7 * turn + 13) % TILE));
  });
  return [...new Set(places)];
}

/** Attention in float64 by its definition, for single positions of one head of one batch item. */
class SampledAttention {
  private readonly shape: AttentionShape;
  private readonly head: number;
  private readonly item: number;
  private readonly given: Given;
  private readonly turned = [new Map<number, number[]>(), new Map<number, number[]>()];

  constructor(shape: AttentionShape, head: number, item: number, given: Given) {
    this.shape = shape;
    this.head = head;
    this.item = item;
    this.given = given;
  }

  output(t: number): number[] {
    return this.weights(t).out;
  }

  queryGradient(t: number): { dq: number[] } {
    const { keys, slopes } = this.slopes(t);
    const sum = new Array<number>(this.shape.dimHead).fill(0);
    keys.forEach((u, i) => this.query(u, 1).forEach((v, c) => (sum[c] += v * slopes[i])));
    return { dq: this.turn(sum, t, 0, true) };
  }

  /** Positions whose gradients as keys need few queries. */
  cheapKeys(): number[] {
    const { tokens, window, dilation } = this.shape;
    const last = Math.max(0, tokens - Math.min(LAST_KEYS * dilation, tokens));
    return window === null ? [last, tokens - 1] : [0, Math.floor(tokens / 2), tokens - 1];
  }

  keyGradients(u: number): { dk: number[]; dv: number[] } {
    const { tokens, window, dilation, dimHead } = this.shape;
    const dk = new Array<number>(dimHead).fill(0);
    const dv = new Array<number>(dimHead).fill(0);
    const end = Math.min(tokens - 1, u + (window ?? tokens) * dilation);
    for (let t = u; t <= end; t += dilation) {
      const { keys, p, slopes } = this.slopes(t);
      const i = keys.indexOf(u);
      const [q, dy] = [this.query(t, 0), this.dy(t)];
      for (let c = 0; c < dimHead; c++) {
        dk[c] += slopes[i] * q[c];
        dv[c] += p[i] * dy[c];
      }
    }
    return { dk: this.turn(dk, u, 1, true), dv };
  }

  /** Derivatives of the scores of query t, divided by the root that scores are. */
  private slopes(t: number): { keys: number[]; p: number[]; slopes: number[] } {
    const { keys, p, out } = this.weights(t);
    const dy = this.dy(t);
    const mean = dot(dy, out);
    const root = Math.sqrt(this.shape.dimHead);
    const slopes = keys.map((u, i) => (p[i] * (dot(dy, this.read(u, 2)) - mean)) / root);
    return { keys, p, slopes };
  }

  private weights(t: number): Weights {
    const { window, tokens, dilation, dimHead } = this.shape;
    const keys: number[] = [];
    for (let u = t; u >= 0 && t - u <= (window ?? tokens) * dilation; u -= dilation) keys.push(u);
    const q = this.query(t, 0);
    const scores = keys.map((u) => dot(q, this.query(u, 1)) / Math.sqrt(dimHead));
    const most = scores.reduce((a, b) => Math.max(a, b));
    const powers = scores.map((score) => Math.exp(score - most));
    const total = powers.reduce((a, b) => a + b);
    const p = powers.map((power) => power / total);
    const out = new Array<number>(dimHead).fill(0);
    keys.forEach((u, i) => {
      const v = this.read(u, 2);
      for (let c = 0; c < dimHead; c++) out[c] += p[i] * v[c];
    });
    return { keys, p, out };
  }

  /** The turned query (side 0) or key (side 1) of a position. */
  private query(t: number, side: 0 | 1): number[] {
    let vector = this.turned[side].get(t);
    if (!vector) {
      vector = this.turn(Array.from(this.read(t, side)), t, side, false);
      this.turned[side].set(t, vector);
    }
    return vector;
  }

  private turn(x: number[], t: number, side: 0 | 1, transposed: boolean): number[] {
    const { dimHead, dilation } = this.shape;
    const half = dimHead / 2;
    const quads = Math.ceil(dimHead / 4);
    const first = (Math.floor(t / dilation) * 2 + side) * quads * 4;
    const turned = x.slice();
    for (let pair = 0; pair < half; pair++) {
      const cos = this.given.table[first + 2 * pair];
      const sin = this.given.table[first + 2 * pair + 1] * (transposed ? -1 : 1);
      turned[pair] = x[pair] * cos - x[pair + half] * sin;
      turned[pair + half] = x[pair + half] * cos + x[pair] * sin;
    }
    return turned;
  }

  private read(t: number, part: number): Float32Array {
    const { tokens, heads, dimHead } = this.shape;
    const at = (((this.item * tokens + t) * 3 + part) * heads + this.head) * dimHead;
    return (this.given.qkv as Float32Array).subarray(at, at + dimHead);
  }

  private dy(t: number): Float32Array {
    const { tokens, heads, dimHead } = this.shape;
    const at = ((this.item * tokens + t) * heads + this.head) * dimHead;
    return (this.given.dy as Float32Array).subarray(at, at + dimHead);
  }
}
