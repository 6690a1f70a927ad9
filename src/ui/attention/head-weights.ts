import type { AttentionBand, HierarchyGeometry, Inspection } from '../../protocol/inspection.ts';

/** One head by its number from 0, or what all heads of a hierarchy come to. */
export type HeadChoice = number | 'avg' | 'max';

export function bandOf({ attention }: Inspection, layer: number, hierarchy: number): AttentionBand | null {
  return attention.find((band) => band.layer === layer && band.hierarchy === hierarchy) ?? null;
}

/** Layers that attend at all; at least 1, so that there is always something to choose. */
export function layerCount({ attention }: Inspection): number {
  return attention.reduce((most, { layer }) => Math.max(most, layer + 1), 1);
}

/** Weights of one head or of all of them, tokens x span, each from 0 to 1. */
export function weightsOf(band: AttentionBand, geometry: HierarchyGeometry, head: HeadChoice): Float32Array {
  const size = geometry.tokens * band.span;
  const weights = new Float32Array(size);
  if (typeof head === 'number') {
    for (let at = 0; at < size; at++) weights[at] = band.weights[head * size + at] / 255;
    return weights;
  }
  const { heads } = geometry;
  for (let h = 0; h < heads; h++) {
    for (let at = 0; at < size; at++) {
      const weight = band.weights[h * size + at] / 255;
      weights[at] = head === 'avg' ? weights[at] + weight / heads : Math.max(weights[at], weight);
    }
  }
  return weights;
}

/** One row of all heads, heads x span, as the choice of head shows it. */
export function combineHeads(rows: Float32Array, span: number, head: HeadChoice): Float32Array {
  if (typeof head === 'number') return rows.slice(head * span, (head + 1) * span);
  const heads = rows.length / span;
  return Float32Array.from({ length: span }, (_, at) => {
    const weights = Array.from({ length: heads }, (_each, h) => rows[h * span + at]);
    return head === 'max' ? Math.max(...weights) : weights.reduce((sum, weight) => sum + weight, 0) / heads;
  });
}

/** The head with the largest weight at each entry, tokens x span; the first of equals. */
export function strongestHeads(band: AttentionBand, geometry: HierarchyGeometry): Uint8Array {
  const size = geometry.tokens * band.span;
  return Uint8Array.from({ length: size }, (_, at) => {
    let best = 0;
    for (let h = 1; h < geometry.heads; h++) {
      if (band.weights[h * size + at] > band.weights[best * size + at]) best = h;
    }
    return best;
  });
}

/** Whether entry `index` of a query token's row is a key that the query may see. */
export function isSeen(geometry: HierarchyGeometry, token: number, index: number): boolean {
  const { dilation, window } = geometry;
  return token - index * dilation >= 0 && window !== 0 && (window === null || index <= window);
}

/** What a head is told by. Shares are means over queries, from 0 to 1. */
export interface HeadFigures {
  /** Bytes from the query to what it attends to. */
  meanDistance: number;
  /** Bits. */
  entropy: number;
  /** Weight on the query's own token. */
  selfShare: number;
  /** Weight on the earliest token of the query's phase, among queries that see it and another one. */
  firstShare: number;
}

export function headFigures(band: AttentionBand, geometry: HierarchyGeometry, head: number): HeadFigures {
  const { tokens, dilation } = geometry;
  const { span } = band;
  let self = 0;
  let first = 0;
  let queries = 0;
  for (let token = 0; token < tokens; token++) {
    const row = (head * tokens + token) * span;
    const earliest = Math.floor(token / dilation);
    self += band.weights[row] / 255;
    if (earliest === 0 || earliest >= span || !isSeen(geometry, token, earliest)) continue;
    first += band.weights[row + earliest] / 255;
    queries++;
  }
  return {
    meanDistance: band.meanDistance[head],
    entropy: band.entropy[head],
    selfShare: self / tokens,
    firstShare: queries === 0 ? NaN : first / queries,
  };
}

/** Figures of several heads, averaged. */
export function meanFigures(figures: readonly HeadFigures[]): HeadFigures {
  const mean = (pick: (head: HeadFigures) => number): number =>
    figures.reduce((sum, head) => sum + pick(head), 0) / figures.length;
  return {
    meanDistance: mean((head) => head.meanDistance),
    entropy: mean((head) => head.entropy),
    selfShare: mean((head) => head.selfShare),
    firstShare: mean((head) => head.firstShare),
  };
}
