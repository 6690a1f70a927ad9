import { RECON_IGNORE } from '../../model/losses.ts';
import { tilingOf } from '../../model/reconstructions.ts';
import type { HierarchyGeometry, Reconstruction } from '../../protocol/inspection.ts';
import { likeliestIn, logSumExp } from './token-odds.ts';

/**
 * What the tokens that tile a text say of its bytes, from the logits [tiles, factor * classes] of their reconstruction
 * head: as in the loss, slot k of token j is of byte stride j - factor + 1 + k.
 */
export function reconstructionOf(
  logits: Float32Array,
  classes: number,
  { factor, stride, tokens }: Pick<HierarchyGeometry, 'factor' | 'stride' | 'tokens'>,
  text: Uint8Array,
): Reconstruction {
  const { first, every } = tilingOf({ factor, stride });
  const bytes = new Uint8Array(text.length);
  const likeliest = new Float32Array(text.length).fill(NaN);
  const actual = new Float32Array(text.length).fill(NaN);
  for (let tile = 0; first + tile * every < tokens; tile++) {
    const start = stride * (first + tile * every) - factor + 1;
    for (let slot = Math.max(0, -start); slot < factor; slot++) {
      const byte = start + slot;
      if (text[byte] === RECON_IGNORE) continue;
      const at = (tile * factor + slot) * classes;
      const row = logits.subarray(at, at + classes);
      const total = logSumExp(row);
      bytes[byte] = likeliestIn(row);
      likeliest[byte] = Math.exp(row[bytes[byte]] - total);
      actual[byte] = Math.exp(row[text[byte]] - total);
    }
  }
  return { firstToken: first, bytes, likeliest, actual };
}
