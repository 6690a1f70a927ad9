import { forEachChunk } from './inflater.ts';

export interface TextStatistics {
  readonly bytes: number;
  /** How many bytes are 0: losses leave those out, and the figures below do not. */
  readonly zeroBytes: number;
  /** Entropy of the byte frequencies over the whole text: what knowing them alone can reach, in bits per byte. */
  readonly order0BitsPerByte: number;
  /** Size under gzip in bits per byte, over the first gzipSampleBytes bytes. */
  readonly gzipBitsPerByte: number;
  readonly gzipSampleBytes: number;
}

/** Compresses at most the first maxGzipBytes bytes. Of no bytes all figures are 0. */
export async function textStatistics(bytes: Uint8Array, maxGzipBytes = 8 * 2 ** 20): Promise<TextStatistics> {
  const counts = byteCounts(bytes);
  const sample = bytes.subarray(0, maxGzipBytes);
  return {
    bytes: bytes.length,
    zeroBytes: counts[0],
    order0BitsPerByte: entropy(counts, bytes.length),
    gzipBitsPerByte: sample.length === 0 ? 0 : (8 * (await gzipSize(sample))) / sample.length,
    gzipSampleBytes: sample.length,
  };
}

function byteCounts(bytes: Uint8Array): Float64Array {
  const counts = new Float64Array(256);
  for (let i = 0; i < bytes.length; i++) counts[bytes[i]]++;
  return counts;
}

function entropy(counts: Float64Array, total: number): number {
  let bits = 0;
  for (const count of counts) {
    if (count > 0) bits -= (count / total) * Math.log2(count / total);
  }
  return bits;
}

async function gzipSize(bytes: Uint8Array): Promise<number> {
  let size = 0;
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'));
  await forEachChunk(packed, (chunk) => {
    size += chunk.length;
  });
  return size;
}
