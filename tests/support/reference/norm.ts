export interface NormCase {
  kind: 'rms' | 'layer';
  batch: number;
  length: number;
  channels: number;
  shift: number;
}

/** Token shift of x [B, T, C] by `shift` rows: the last floor(C / 2) channels come from before. */
function referenceShift(
  { batch, length, channels, shift }: Omit<NormCase, 'kind'>,
  x: ArrayLike<number>,
): Float64Array {
  const shifted = Float64Array.from({ length: batch * length * channels }, (_, i) => x[i]);
  if (shift === 0) return shifted;
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < length; t++) {
      for (let c = Math.ceil(channels / 2); c < channels; c++) {
        const source = t < shift ? 0 : x[(b * length + t - shift) * channels + c];
        shifted[(b * length + t) * channels + c] = source;
      }
    }
  }
  return shifted;
}

/** Token shift and norm in float64. */
export function referenceNorm(
  shape: NormCase,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): Float64Array {
  const { kind, batch, length, channels } = shape;
  const y = referenceShift(shape, x);
  for (let row = 0; row < batch * length; row++) {
    const values = y.subarray(row * channels, (row + 1) * channels);
    const mean = kind === 'layer' ? values.reduce((sum, v) => sum + v, 0) / channels : 0;
    const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    const divisor =
      kind === 'layer'
        ? Math.sqrt(squares / channels + 1e-5)
        : Math.max(Math.sqrt(squares), 1e-12) / Math.sqrt(channels);
    values.forEach((v, c) => {
      values[c] = ((v - mean) / divisor) * weight[c] + (kind === 'layer' ? bias[c] : 0);
    });
  }
  return y;
}
