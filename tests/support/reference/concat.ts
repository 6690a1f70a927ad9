export interface ConcatCase {
  batch: number;
  /** Rows, channels and stride of each part. */
  parts: readonly { rows: number; channels: number; stride: number }[];
  length: number;
}

/** Repeat-interleaved parts, channels joined, in float64; normalised by RMSNorm where there is a weight. */
export function referenceConcat(
  { batch, parts, length }: ConcatCase,
  values: readonly ArrayLike<number>[],
  weight: ArrayLike<number> | null,
): Float64Array {
  const rows: number[][] = [];
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < length; t++) {
      const row = parts.flatMap((part, i) => {
        const start = (b * part.rows + Math.floor(t / part.stride)) * part.channels;
        return Array.from({ length: part.channels }, (_, c) => values[i][start + c]);
      });
      const squares = row.reduce((sum, value) => sum + value * value, 0);
      const norm = Math.max(Math.sqrt(squares), 1e-12) / Math.sqrt(row.length);
      rows.push(weight ? row.map((value, c) => (value / norm) * weight[c]) : row);
    }
  }
  return Float64Array.from(rows.flat());
}
