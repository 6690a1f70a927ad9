import { need } from '../tensor/op.ts';
import { formatShape, type Tensor } from '../tensor/tensor.ts';

/** Who sees whom, in what layout: shared by attention and everything that looks into it. */
export interface AttentionSpan {
  /** [B, T, 3 * heads * dimHead]: q, k and v in three equal blocks, each head after head. */
  qkv: Tensor;
  /** Factors by row as `rotaryShape(rows, dimHead)` lays them out, for at least ceil(T / dilation) rows. */
  table: Tensor;
  heads: number;
  /** Channels of a head, even, at most 128. */
  dimHead: number;
  /** Keys that a query sees before its own; null for all there are. */
  window: number | null;
  /** Distance of neighbouring rows: a query at t sees keys t, t - dilation, t - 2 dilation, ... */
  dilation: number;
}

/** Throws ShapeError unless everything fits together. */
export function checkSpan(op: string, { qkv, table, heads, dimHead, window, dilation }: AttentionSpan): void {
  const rows = Math.ceil(qkv.shape[1] / dilation);
  need(dimHead % 2 === 0 && dimHead > 0 && dimHead <= 128, op, `dimHead ${dimHead}`, 'an even number from 2 to 128');
  need(Number.isInteger(dilation) && dilation > 0, op, `dilation ${dilation}`, 'a whole number from 1 up');
  need(window === null || (Number.isInteger(window) && window >= 0), op, `window ${window}`, 'null or a whole number');
  need(
    qkv.shape.length === 3 && qkv.shape[2] === 3 * heads * dimHead,
    op,
    `qkv ${formatShape(qkv.shape)}`,
    `[B, T, ${3 * heads * dimHead}]`,
  );
  need(
    table.shape[0] >= rows && table.shape[2] === Math.ceil(dimHead / 4),
    op,
    `table ${formatShape(table.shape)}`,
    `[${rows} or more, 2, ${Math.ceil(dimHead / 4)}, 4]`,
  );
}

/** How many keys the query that sees most of them sees. */
export function spanOf(tokens: number, { window, dilation }: Pick<AttentionSpan, 'window' | 'dilation'>): number {
  const rows = Math.ceil(tokens / dilation);
  return Math.min(rows, (window ?? rows) + 1);
}

/** How many (query, key) pairs see each other in one head of one batch item. */
export function visiblePairs(tokens: number, span: Pick<AttentionSpan, 'window' | 'dilation'>): number {
  const most = spanOf(tokens, span);
  let pairs = 0;
  for (let phase = 0; phase < Math.min(span.dilation, tokens); phase++) {
    const rows = Math.ceil((tokens - phase) / span.dilation);
    const growing = Math.min(rows, most);
    pairs += (growing * (growing + 1)) / 2 + (rows - growing) * most;
  }
  return pairs;
}
