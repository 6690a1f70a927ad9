import { textSegments } from '../../text/segments.ts';
import { namedLabel, spokenByte } from '../text/byte-name.ts';
import type { HierarchyGeometry, Inspection } from '../../protocol/inspection.ts';
import type { HeadChoice } from './head-weights.ts';
import type { Lane, LaneBin } from './lane-bins.ts';

/** `bytes 15–18`, `byte 4`. */
export function spanName({ start, end }: { start: number; end: number }): string {
  return start === end ? `byte ${start}` : `bytes ${start}–${end}`;
}

/** The text that a bin stands for, in quotes, with names for control characters. */
export function spanText(text: Uint8Array, { start, end }: { start: number; end: number }): string {
  const labels = textSegments(text.subarray(start, end + 1)).map((segment) =>
    segment.kind === 'control' ? namedLabel(segment.text) : segment.text,
  );
  return `“${labels.join('')}”`;
}

export function headName(head: HeadChoice): string {
  if (head === 'avg') return 'average of the heads';
  return head === 'max' ? 'strongest head' : `head ${head + 1}`;
}

/** Weights come as whole 255ths, which is as fine as they can be said. */
export function weightName(weight: number): string {
  if (weight === 0) return '< 0.2 %';
  const percent = 100 * weight;
  return `${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** A weight as it was computed, to a tenth of a percent; a file has all of its digits. */
function exactWeightName(weight: number): string {
  const percent = 100 * weight;
  return percent > 0 && percent < 0.05 ? '< 0.1 %' : `${percent.toFixed(1)} %`;
}

/** How well a weight is known. `asked`: not yet any better than `about`. */
export type Precision = 'exact' | 'asked' | 'about';

/** `31.4 %` as computed, `about 31 %` from 255ths. */
export function knownWeight(weight: number, precision: Precision): string {
  if (precision === 'exact') return exactWeightName(weight);
  const name = weightName(weight);
  return name.startsWith('<') ? name : `about ${name}`;
}

/** Why a weight is known no better; nothing of an exact one. */
export function precisionNote(precision: Precision, step: number): string | null {
  if (precision === 'exact') return null;
  if (precision === 'asked') return 'asking for the exact weight';
  return `rounded to 0.4 %, as there is no model at step ${step} to ask`;
}

/** Signed, with the unit left to the reader: `+0.21`, `−1.30`, `0.00`; `–` where nothing is known. */
export function signed(bits: number): string {
  if (!Number.isFinite(bits)) return '–';
  const size = Math.abs(bits).toFixed(2);
  return Number(size) === 0 ? size : `${bits < 0 ? '−' : '+'}${size}`;
}

/** The bin with the largest weight; null where the query sees no key. */
export function strongestBin(lane: Lane, row: Float32Array): LaneBin | null {
  let best: LaneBin | null = null;
  for (const bin of lane.bins) {
    if (bin.seen && (best === null || row[bin.index] > row[best.index])) best = bin;
  }
  return best;
}

export interface SpokenQuery {
  query: number;
  layer: number;
  geometry: HierarchyGeometry;
  head: HeadChoice;
  lane: Lane;
  /** Weights of the query's row; null where there is no attention. */
  row: Float32Array | null;
}

/** `query byte 22, 'e', layer 1, 4 times, head 1, strongest key bytes 15–18, 31 percent`. */
export function spokenQuery(text: Uint8Array, { query, layer, geometry, head, lane, row }: SpokenQuery): string {
  const times = geometry.factor === 1 ? '1 time' : `${geometry.factor} times`;
  const start = `query byte ${query}, ${spokenByte(text[query])}, layer ${layer + 1}, ${times}`;
  const strongest = row && strongestBin(lane, row);
  if (!row || !strongest) return `${start}, no attention`;
  const percent = Math.round(100 * row[strongest.index]);
  return `${start}, ${headName(head)}, strongest key ${spanName(strongest)}, ${percent} percent`;
}

/** Bits that a byte would cost more if the hierarchy were taken out of the merges; NaN where nothing is known. */
export function bitsLost({ bits, bitsWithout }: Inspection, hierarchy: number): Float32Array | null {
  const without = bitsWithout[hierarchy] ?? null;
  return without && without.map((value, at) => value - bits[at]);
}

/** Share of what a layer's merge takes in at a byte that comes from one hierarchy; null where that was not measured. */
export function shareOf(
  { mergeShares, hierarchies }: Pick<Inspection, 'mergeShares' | 'hierarchies'>,
  layer: number,
  hierarchy: number,
  byte: number,
): number | null {
  return mergeShares[layer]?.[byte * hierarchies.length + hierarchy] ?? null;
}

/** Mean over the bytes that are predicted; NaN for a passage of one byte, which has none. */
export function meanOf(values: Float32Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** A difference of weights in percentage points: `+12`, `−0.4`. */
export function signedPercent(difference: number): string {
  const points = Math.abs(100 * difference);
  return `${difference < 0 ? '−' : '+'}${points < 9.95 ? points.toFixed(1) : Math.round(points)}`;
}
