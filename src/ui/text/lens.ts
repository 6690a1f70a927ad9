import type { Inspection, LayerReading } from '../../protocol/inspection.ts';
import { meanBits } from './byte-odds.ts';

/** Bytes that the table shows at once. */
export const LENS_SPAN = 16;

/** What would be predicted if the model ended there. */
export interface LensRow extends LayerReading {
  /** Behind which part. */
  name: string;
  /** Mean over the passage, bits per byte. */
  mean: number;
}

/** From the embeddings to the last layer, which is what the model predicts; empty where layers were not read. */
export function lensRows({ layers, bits, candidates }: Inspection): LensRow[] {
  if (layers.length === 0) return [];
  // Candidates at a position are for the byte after it.
  const first = (t: number): number => (t - 1) * candidates.count;
  const last: LayerReading = {
    bits,
    bytes: Uint8Array.from(bits, (_, t) => (t === 0 ? 0 : candidates.bytes[first(t)])),
    likeliest: Float32Array.from(bits, (_, t) => (t === 0 ? NaN : candidates.probabilities[first(t)])),
  };
  return [...layers, last].map((reading, i) => ({
    ...reading,
    name: i === 0 ? 'embeddings' : `layer ${i}`,
    mean: meanBits(reading),
  }));
}

/** The bytes [start, end) that are shown: those of the `LENS_SPAN` with the byte that is looked at, else those in the middle. */
export function lensSpan(length: number, at: number | null): { start: number; end: number } {
  const pages = Math.max(1, Math.ceil((length - 1) / LENS_SPAN));
  const isRead = at !== null && at < length;
  // Nothing predicts byte 0.
  const page = isRead ? Math.floor(Math.max(0, at - 1) / LENS_SPAN) : Math.floor((pages - 1) / 2);
  const start = 1 + page * LENS_SPAN;
  return { start, end: Math.min(length, start + LENS_SPAN) };
}
