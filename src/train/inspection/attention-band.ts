import type { AttentionBand, HierarchyGeometry } from '../../protocol/inspection.ts';

/**
 * Packs one layer of one hierarchy: probabilities per head (at least `geometry.tokens` rows of `span`), of which the
 * first `tokens` queries are kept, as bytes, with the figures that name a head.
 */
export function packBand(
  layer: number,
  hierarchy: number,
  geometry: HierarchyGeometry,
  span: number,
  heads: Float32Array[],
): AttentionBand {
  const { tokens, factor } = geometry;
  const weights = new Uint8Array(heads.length * tokens * span);
  const meanDistance = new Float32Array(heads.length);
  const entropy = new Float32Array(heads.length);
  heads.forEach((probabilities, head) => {
    let distance = 0;
    let bits = 0;
    for (let i = 0; i < tokens * span; i++) {
      const p = probabilities[i];
      weights[head * tokens * span + i] = Math.round(255 * p);
      // A step of one row is dilation tokens, dilation * stride bytes, which is the factor.
      distance += p * (i % span) * factor;
      if (p > 0) bits -= p * Math.log2(p);
    }
    meanDistance[head] = distance / tokens;
    entropy[head] = bits / tokens;
  });
  return { layer, hierarchy, span, weights, meanDistance, entropy };
}
