export interface EmbeddingCase {
  batch: number;
  pitch: number;
  length: number;
  vocabulary: number;
  channels: number;
}

/** The row of the table that position t of sequence b reads. */
function rowOf({ pitch, vocabulary }: EmbeddingCase, ids: ArrayLike<number>, b: number, t: number): number {
  return Math.min(ids[b * pitch + t], vocabulary - 1);
}

export function referenceEmbedding(of: EmbeddingCase, weight: ArrayLike<number>, ids: ArrayLike<number>): Float64Array {
  const y = new Float64Array(of.batch * of.length * of.channels);
  for (let i = 0; i < y.length; i++) {
    const row = Math.floor(i / of.channels);
    const id = rowOf(of, ids, Math.floor(row / of.length), row % of.length);
    y[i] = weight[id * of.channels + (i % of.channels)];
  }
  return y;
}

/** Gradient of the table: every position's dy added to the row that it has read. */
export function referenceEmbeddingGradient(
  of: EmbeddingCase,
  ids: ArrayLike<number>,
  dy: ArrayLike<number>,
): Float64Array {
  const dweight = new Float64Array(of.vocabulary * of.channels);
  for (let i = 0; i < dy.length; i++) {
    const row = Math.floor(i / of.channels);
    const id = rowOf(of, ids, Math.floor(row / of.length), row % of.length);
    dweight[id * of.channels + (i % of.channels)] += dy[i];
  }
  return dweight;
}
