export interface DepthwiseConvCase {
  batch: number;
  length: number;
  channels: number;
  taps: number;
  stride: number;
}

/** Strided causal depthwise convolution in float64: x [B, n, C], weight [C, K] -> [B, ceil(n / stride), C]. */
export function referenceDepthwiseConv(
  { batch, length, channels, taps, stride }: DepthwiseConvCase,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number> | null,
): Float64Array {
  const outputs = Math.ceil(length / stride);
  return Float64Array.from({ length: batch * outputs * channels }, (_, i) => {
    const c = i % channels;
    const j = Math.floor(i / channels) % outputs;
    const b = Math.floor(i / channels / outputs);
    let sum = bias ? bias[c] : 0;
    for (let k = 0; k < taps; k++) {
      const t = j * stride + k - (taps - 1);
      if (t >= 0) sum += weight[c * taps + k] * x[(b * length + t) * channels + c];
    }
    return sum;
  });
}
