/** float64 references of matrix products and the causal convolution, written as plain loops. */
export type Activation = 'silu' | 'gelu' | undefined;

/** erf by its Taylor series (|x| < 3) or the continued fraction of erfc: about 1e-15. */
export function erf(x: number): number {
  const t = Math.abs(x);
  if (t < 3) {
    let term = t;
    let sum = t;
    for (let n = 1; n < 200; n++) {
      term *= (-t * t) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (t + fraction);
  return Math.sign(x) * (1 - Math.exp(-t * t) / Math.sqrt(Math.PI) / (t + fraction));
}

export function activate(x: number, kind: Activation): number {
  if (kind === 'silu') return x / (1 + Math.exp(-x));
  if (kind === 'gelu') return 0.5 * x * (1 + erf(x / Math.SQRT2));
  return x;
}

export function activationDerivative(x: number, kind: Activation): number {
  if (kind === 'silu') {
    const s = 1 / (1 + Math.exp(-x));
    return s * (1 + x * (1 - s));
  }
  if (kind === 'gelu') return 0.5 * (1 + erf(x / Math.SQRT2)) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
  return 1;
}

/** y[r, o] = sum_k x[r, k] w[o, k] + b[o] */
export function linearForward(
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  b: ArrayLike<number> | null,
  rows: number,
  K: number,
  N: number,
) {
  const y = new Float64Array(rows * N);
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < N; o++) {
      let sum = b ? b[o] : 0;
      for (let k = 0; k < K; k++) sum += x[r * K + k] * w[o * K + k];
      y[r * N + o] = sum;
    }
  }
  return y;
}

export function linearBackward(
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  dy: ArrayLike<number>,
  rows: number,
  K: number,
  N: number,
) {
  const dx = new Float64Array(rows * K);
  const dw = new Float64Array(N * K);
  const db = new Float64Array(N);
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < N; o++) {
      const g = dy[r * N + o];
      db[o] += g;
      for (let k = 0; k < K; k++) {
        dx[r * K + k] += g * w[o * K + k];
        dw[o * K + k] += g * x[r * K + k];
      }
    }
  }
  return { dx, dw, db };
}

export interface ConvShape {
  batch: number;
  length: number;
  channels: number;
  outputs: number;
  taps: number;
  stride: number;
}

/** Visits every product of the causal convolution: (output row, input row, output channel, tap). Weight is (O, c, E). */
function visitConv(s: ConvShape, visit: (row: number, input: number, o: number, tap: number) => void): number {
  const outLength = Math.ceil(s.length / s.stride);
  for (let b = 0; b < s.batch; b++) {
    for (let j = 0; j < outLength; j++) {
      for (let tap = 0; tap < s.taps; tap++) {
        const t = j * s.stride + tap - (s.taps - 1);
        if (t < 0 || t >= s.length) continue;
        for (let o = 0; o < s.outputs; o++) visit(b * outLength + j, b * s.length + t, o, tap);
      }
    }
  }
  return outLength;
}

export function convForward(
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  b: ArrayLike<number>,
  s: ConvShape,
): Float64Array {
  const outLength = Math.ceil(s.length / s.stride);
  const y = new Float64Array(s.batch * outLength * s.outputs).map((_, i) => b[i % s.outputs]);
  visitConv(s, (row, input, o, tap) => {
    for (let e = 0; e < s.channels; e++) {
      y[row * s.outputs + o] += x[input * s.channels + e] * w[(o * s.taps + tap) * s.channels + e];
    }
  });
  return y;
}

export function convBackward(x: ArrayLike<number>, w: ArrayLike<number>, dy: ArrayLike<number>, s: ConvShape) {
  const dx = new Float64Array(s.batch * s.length * s.channels);
  const dw = new Float64Array(s.outputs * s.taps * s.channels);
  const db = new Float64Array(s.outputs);
  visitConv(s, (row, input, o, tap) => {
    const g = dy[row * s.outputs + o];
    for (let e = 0; e < s.channels; e++) {
      dx[input * s.channels + e] += g * w[(o * s.taps + tap) * s.channels + e];
      dw[(o * s.taps + tap) * s.channels + e] += g * x[input * s.channels + e];
    }
  });
  for (let i = 0; i < dy.length; i++) db[i % s.outputs] += dy[i];
  return { dx, dw, db };
}
