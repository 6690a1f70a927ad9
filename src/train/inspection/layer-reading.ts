import type { LayerReading } from '../../protocol/inspection.ts';
import { likeliestIn, logSumExp } from './token-odds.ts';

/** What logits [positions, classes] from before a layer say of each byte of a text but the first, which nothing predicts. */
export function layerReading(logits: Float32Array, classes: number, text: Uint8Array): LayerReading {
  const bits = new Float32Array(text.length).fill(NaN);
  const bytes = new Uint8Array(text.length);
  const likeliest = new Float32Array(text.length).fill(NaN);
  for (let t = 1; t < text.length; t++) {
    const row = logits.subarray((t - 1) * classes, t * classes);
    const total = logSumExp(row);
    bits[t] = (total - row[text[t]]) / Math.LN2;
    bytes[t] = likeliestIn(row);
    likeliest[t] = Math.exp(row[bytes[t]] - total);
  }
  return { bits, bytes, likeliest };
}
