import type { LayerReading } from '../../protocol/inspection.ts';
import { bitsOf, likeliestOf } from './token-odds.ts';

/** What logits [positions, classes] from before a layer say of each byte of a text. */
export function layerReading(logits: Float32Array, classes: number, text: Uint8Array): LayerReading {
  return { bits: bitsOf(logits, classes, text), ...likeliestOf(logits, classes, text.length) };
}
