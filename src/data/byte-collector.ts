import { DataError } from './data-error.ts';
import { formatBytes } from '../text/format-bytes.ts';

/** The longest text that is read, in bytes: 2 GiB. */
export const MAX_TEXT_BYTES = 2 ** 31;

const FIRST_CAPACITY = 2 ** 16;

/** Bytes in one growing array. */
export class ByteCollector {
  private readonly name: string;
  private readonly maxBytes: number;
  private buffer: Uint8Array<ArrayBuffer>;
  private used = 0;

  /** expectedBytes: room made at once, so that a right guess is never copied. */
  constructor(name: string, maxBytes = MAX_TEXT_BYTES, expectedBytes = 0) {
    this.name = name;
    this.maxBytes = maxBytes;
    this.buffer = this.allocate(Math.min(Math.max(expectedBytes, FIRST_CAPACITY), maxBytes));
  }

  get length(): number {
    return this.used;
  }

  /** A DataError `too-large` when the text would pass maxBytes or the memory there is. */
  append(chunk: Uint8Array): void {
    const needed = this.used + chunk.length;
    if (needed > this.maxBytes) {
      throw new DataError('too-large', `text "${this.name}": given more, needs at most ${formatBytes(this.maxBytes)}`);
    }
    if (needed > this.buffer.length) {
      const grown = this.allocate(Math.min(Math.max(needed, 2 * this.buffer.length), this.maxBytes));
      grown.set(this.buffer.subarray(0, this.used));
      this.buffer = grown;
    }
    this.buffer.set(chunk, this.used);
    this.used = needed;
  }

  /** The first `length` bytes, as a view that the next append may detach from this collector. */
  head(length: number): Uint8Array<ArrayBuffer> {
    return this.buffer.subarray(0, Math.min(length, this.used));
  }

  /** All bytes, in an array of their own length. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.used === this.buffer.length ? this.buffer : this.buffer.slice(0, this.used);
  }

  private allocate(length: number): Uint8Array<ArrayBuffer> {
    try {
      return new Uint8Array(length);
    } catch (cause) {
      throw new DataError(
        'too-large',
        `text "${this.name}": needs ${formatBytes(length)} of memory at once, more than this browser gives`,
        { cause },
      );
    }
  }
}
