import type { Inspection } from '../../protocol/inspection.ts';

/** What a model made of one byte, given all that stands before it. */
export interface ByteOdds {
  byte: number;
  /** NaN for a byte that nothing predicts: the first. */
  bits: number;
  probability: number;
  /** Place among all 256 bytes, 1 = the most likely; null where nothing predicts. */
  rank: number | null;
  /** What was thought likely in its place, most likely first; empty where nothing predicts. */
  candidates: { byte: number; probability: number }[];
  /** The hierarchy without which this byte would cost most; null where that was not measured. */
  helped: { factor: number; savedBits: number } | null;
}

/** @param at place in the passage; null is answered for one that was not read */
export function byteOdds(
  { text, bits, ranks, candidates, bitsWithout, hierarchies }: Inspection,
  at: number,
): ByteOdds | null {
  if (at < 0 || at >= text.length) return null;
  const byte = text[at];
  // Candidates at a position are for the byte after it.
  const row = at === 0 ? [] : Array.from({ length: candidates.count }, (_, i) => (at - 1) * candidates.count + i);
  const expected = row.map((i) => ({ byte: candidates.bytes[i], probability: candidates.probabilities[i] }));
  const savings = bitsWithout.flatMap((without, k) =>
    without === null || at === 0 ? [] : [{ factor: hierarchies[k].factor, savedBits: without[at] - bits[at] }],
  );
  return {
    byte,
    bits: bits[at],
    probability: 2 ** -bits[at],
    rank: at === 0 ? null : ranks[at],
    candidates: expected,
    helped: savings.toSorted((a, b) => b.savedBits - a.savedBits)[0] ?? null,
  };
}

/** Mean over all bytes that something predicts; NaN when there is none. */
export function meanBits({ bits }: Pick<Inspection, 'bits'>): number {
  const known = bits.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Mean of the bytes [start, end) that something predicts. */
export function cellBits({ bits }: Pick<Inspection, 'bits'>, start: number, end: number): number {
  return meanBits({ bits: bits.subarray(start, end) });
}
