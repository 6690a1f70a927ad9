/** Losses of a run at `curveSteps(lastStep)`, in bits per byte, as a link carries them; NaN where none was measured. */
export interface RunCurve {
  lastStep: number;
  /** Training time up to the last step. */
  seconds: number;
  /** Smoothed. */
  train: Float64Array;
  validation: Float64Array;
  /** Smoothed, of the first hierarchy that reconstructs bytes. */
  recon: Float64Array;
}

const VERSION = 1;
const MOST_POINTS = 128;
/** Version, last step, hundredths of seconds. */
const HEADER_BYTES = 9;
const SERIES = ['train', 'validation', 'recon'] as const;
/** The most that a curve takes: a bit for each point that says whether there is a value, and two bytes for the value. */
export const MOST_CURVE_BYTES = HEADER_BYTES + SERIES.length * (MOST_POINTS / 8 + 2 * MOST_POINTS);
/** Values go up to 32 bits per byte and are exact to a four-thousandth. */
const UNITS_PER_BIT = 2048;
const MOST_UNITS = 0xffff;
const CENTISECONDS = 100;
const MOST_U32 = 0xffffffff;

/** The steps of a curve: all of a short run, else 128 from the first to the last. */
export function curveSteps(lastStep: number): Float64Array {
  const count = Math.min(MOST_POINTS, lastStep);
  return Float64Array.from({ length: count }, (_, at) =>
    count === 1 ? 1 : Math.round(1 + ((lastStep - 1) * at) / (count - 1)),
  );
}

/**
 * Version 1: the header, one bit mask per loss, then the differences between neighbouring values: their low bytes and
 * after those their high bytes, which are nearly all 0 and so take hardly any room once they are deflated.
 */
export function packCurve(curve: RunCurve): Uint8Array<ArrayBuffer> {
  const count = curveSteps(curve.lastStep).length;
  const masks = new Uint8Array(SERIES.length * Math.ceil(count / 8));
  const words: number[] = [];
  SERIES.forEach((name, index) => {
    let before = 0;
    for (let at = 0; at < count; at++) {
      const value = curve[name][at];
      if (!Number.isFinite(value)) continue;
      masks[index * Math.ceil(count / 8) + (at >> 3)] |= 1 << (at & 7);
      const units = Math.min(MOST_UNITS, Math.max(0, Math.round(value * UNITS_PER_BIT)));
      words.push(zigzag(units - before));
      before = units;
    }
  });
  const bytes = new Uint8Array(HEADER_BYTES + masks.length + 2 * words.length);
  const header = new DataView(bytes.buffer);
  header.setUint8(0, VERSION);
  header.setUint32(1, curve.lastStep, true);
  header.setUint32(5, Math.min(MOST_U32, Math.round(curve.seconds * CENTISECONDS)), true);
  bytes.set(masks, HEADER_BYTES);
  const values = bytes.subarray(HEADER_BYTES + masks.length);
  words.forEach((word, at) => {
    values[at] = word & 0xff;
    values[words.length + at] = word >> 8;
  });
  return bytes;
}

/** Reads bytes of any origin: a curve, or why they are none. */
export function unpackCurve(bytes: Uint8Array<ArrayBuffer>): RunCurve | string {
  if (bytes.length < HEADER_BYTES) return 'is cut short';
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  const version = header.getUint8(0);
  if (version !== VERSION) return version > VERSION ? 'was made by a newer version' : 'is no curve';
  const lastStep = header.getUint32(1, true);
  if (lastStep === 0) return 'has no step';
  const count = curveSteps(lastStep).length;
  const maskBytes = Math.ceil(count / 8);
  const values = bytes.subarray(HEADER_BYTES + SERIES.length * maskBytes);
  const present = SERIES.map((_, index) =>
    Array.from({ length: count }, (_, at) => {
      const byte = bytes[HEADER_BYTES + index * maskBytes + (at >> 3)] ?? 0;
      return ((byte >> (at & 7)) & 1) === 1;
    }),
  );
  const words = present.flat().filter(Boolean).length;
  if (values.length !== 2 * words) return values.length < 2 * words ? 'is cut short' : 'is longer than it says';
  let read = 0;
  const series = present.map((mask) => {
    let units = 0;
    return Float64Array.from(mask, (there) => {
      if (!there) return NaN;
      units = (units + unzigzag(values[read] | (values[words + read] << 8))) & MOST_UNITS;
      read++;
      return units / UNITS_PER_BIT;
    });
  });
  const [train, validation, recon] = series;
  return { lastStep, seconds: header.getUint32(5, true) / CENTISECONDS, train, validation, recon };
}

/** Differences of 16-bit numbers as 16-bit numbers, small ones of either sign as small ones. */
function zigzag(difference: number): number {
  const wrapped = (difference << 16) >> 16;
  return ((wrapped << 1) ^ (wrapped >> 31)) & 0xffff;
}

function unzigzag(word: number): number {
  return (word >>> 1) ^ -(word & 1);
}
