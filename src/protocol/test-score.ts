/**
 * How a model does on the test part of its text, which is cut into sequences of a context that lie side by side: the first byte
 * of each is the last of the one before. A model predicts every byte of a sequence but the first from those before it, so that
 * no byte is predicted twice. The first byte of the part, and what is left at its end, is not predicted.
 */
export interface TestScore {
  /** At which the model was measured. */
  step: number;
  /** What the bytes of each sequence cost together, in bits. */
  bits: Float64Array;
  /** How many bytes of each that are: those that the model ignores do not count. */
  bytes: Float64Array;
}

/** A mean, and its standard error; null of a single sequence. */
export interface Estimate {
  mean: number;
  error: number | null;
}

/** More of a long text would take long and change little. */
const MOST_BYTES = 256_000;

/** Sequences of a context that a test part has room for, and how many of them are read. */
export function testSequences(partBytes: number, contextLength: number): { all: number; read: number } {
  const all = Math.max(0, Math.floor((partBytes - 1) / contextLength));
  return { all, read: Math.min(all, Math.max(1, Math.floor(MOST_BYTES / contextLength))) };
}

/** How many bytes were predicted. */
export function predictedBytes({ bytes }: TestScore): number {
  return sum(bytes);
}

/** Bits per byte over all bytes that count. */
export function bitsPerByte({ bits, bytes }: TestScore): Estimate {
  return meanPerByte(bits, bytes);
}

/**
 * By how much the first model needs more bits per byte than the second, on the same sequences. Both find the same of them
 * hard, so that the difference is known far better than either figure.
 */
export function bitsMore(a: TestScore, b: TestScore): Estimate {
  return meanPerByte(
    a.bits.map((bits, at) => bits - b.bits[at]),
    a.bytes,
  );
}

/** Whether two scores are of the same bytes. */
export function areComparable(a: TestScore, b: TestScore): boolean {
  return a.bytes.length === b.bytes.length && a.bytes.every((bytes, at) => bytes === b.bytes[at]);
}

/**
 * The sum of `amounts` over that of `bytes`. The standard error comes from how far the means of single sequences lie from
 * it, each weighed by its bytes: sd / sqrt(k) for k sequences of equal length. Sequences count as independent. Neighbours are
 * somewhat alike: over blocks of 32 the error of a figure of `micro` comes out 1.5 times as large, that of a difference as it is.
 */
function meanPerByte(amounts: Float64Array, bytes: Float64Array): Estimate {
  const k = bytes.length;
  const all = sum(bytes);
  const mean = sum(amounts) / all;
  const squares = sum(amounts.map((amount, at) => (amount - mean * bytes[at]) ** 2));
  return { mean, error: k < 2 ? null : Math.sqrt((k / (k - 1)) * squares) / all };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
