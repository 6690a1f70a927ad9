/**
 * What the engine saw while it read a passage. Everything that a picture of attention needs to know of windows, phases
 * and masks is stated here, so that nobody derives it a second time.
 */

/** One hierarchy's token grid over the passage. */
export interface HierarchyGeometry {
  factor: number;
  stride: number;
  /** Tokens between a query and the next key it may see: factor / stride. Tokens of other phases are never seen. */
  dilation: number;
  /** Keys behind the query that are visible besides itself; null = all of its phase; 0 = no attention. */
  window: number | null;
  /** Tokens over the passage: ceil(length / stride). Token j stands for bytes [stride j - factor + 1, stride j]. */
  tokens: number;
  heads: number;
}

/**
 * Attention of one layer in one hierarchy. Band entry (head, query token t, i) is the weight of key token
 * t - i * dilation; entries whose key lies before the first token are 0.
 */
export interface AttentionBand {
  layer: number;
  hierarchy: number;
  /** i runs from 0 to span - 1. */
  span: number;
  /** round(255 * weight), heads x tokens x span. */
  weights: Uint8Array;
  /** Per head: mean distance of the attended keys from the query, in bytes, over all queries. */
  meanDistance: Float32Array;
  /** Per head: mean entropy of a query's weights, in bits. */
  entropy: Float32Array;
}

/** A row of a band: what one query token gives to the keys it may see. */
export interface AttentionRow {
  layer: number;
  hierarchy: number;
  /** Of the query. */
  token: number;
}

/** Candidates for the byte after each position. */
export interface Candidates {
  /** How many per position, most likely first. */
  count: number;
  /** positions x count */
  bytes: Uint8Array;
  /** positions x count */
  probabilities: Float32Array;
}

/**
 * What the tokens of one hierarchy keep of the passage: its bytes as the reconstruction head reads them from tokens that
 * lie side by side, token `firstToken` and every dilation-th behind it. One entry per byte where it is a list.
 */
export interface Reconstruction {
  firstToken: number;
  /** The likeliest byte. */
  bytes: Uint8Array;
  /**
   * Its probability. NaN where nothing is said: of bytes that no whole token of these stands for, and of the byte 0, which
   * the reconstruction loss leaves out.
   */
  likeliest: Float32Array;
  /** Probability of the byte that is there; NaN likewise. */
  actual: Float32Array;
}

/**
 * What the model would predict if it ended before a layer: the tokens that the layer begins with, read by the final norm and
 * the output weights (logit lens). One entry per byte; what is said of a byte is said by those before it, and NaN at 0.
 */
export interface LayerReading {
  /** Bits that the byte costs. */
  bits: Float32Array;
  /** The likeliest byte; 0 at position 0. */
  bytes: Uint8Array;
  /** Its probability. */
  likeliest: Float32Array;
}

export interface Inspection {
  /** The passage; at most one context long. */
  text: Uint8Array;
  hierarchies: HierarchyGeometry[];
  /** Bits that the byte at each position cost, -log2 p(text[t] | text[..t-1]); NaN at position 0, which nothing predicts. */
  bits: Float32Array;
  /** Place of the byte at each position among all 256 by the model's own order, 1 = the most likely; 0 at position 0. */
  ranks: Uint16Array;
  /** What the model thought comes after each position. */
  candidates: Candidates;
  /**
   * Per hierarchy: bits each byte costs when that hierarchy's tokens are taken out of every merge. The difference to
   * `bits` is what the hierarchy was worth there. Null with one hierarchy, or when the merges are ablated anyway.
   */
  bitsWithout: (Float32Array | null)[];
  /** One for each layer, in their order; empty with attention, and where a context is so long that there is no room. */
  layers: LayerReading[];
  /** Empty unless asked for. */
  attention: AttentionBand[];
  /**
   * Per layer, positions x hierarchies: which share of what its merge takes in at a byte comes from each hierarchy, by the
   * norms of what each puts into the merge's first layer. A share is no effect. Empty without attention and without merges.
   */
  mergeShares: Float32Array[];
  /**
   * Per hierarchy; null at 1x, without a reconstruction loss, and where no token fits into the context. Empty without
   * attention.
   */
  reconstructions: (Reconstruction | null)[];
}
