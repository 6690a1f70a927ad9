import { fnv1a64 } from './hash.ts';
import { philox4x32 } from './philox.ts';

const TWO_POW_32 = 2 ** 32;
const TWO_POW_MINUS_32 = 2 ** -32;
const TWO_POW_MINUS_53 = 2 ** -53;

/**
 * Random numbers as a pure function of (seed, name of the stream, index): nothing advances, so any draw can be
 * repeated in any order. Indices are whole numbers from 0 to 2^53 - 1. The methods read the same words of the stream,
 * so draws of different kinds are independent of each other only when they come from streams of different names.
 */
export class RandomStream {
  private readonly seedLow: number;
  private readonly seedHigh: number;
  private readonly nameLow: number;
  private readonly nameHigh: number;
  private readonly block = new Uint32Array(4);
  private blockIndex = -1;

  /** seed: a whole number from 0 to 2^53 - 1; a RangeError otherwise. */
  constructor(seed: number, name: string) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`random: given seed ${seed}, needs a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
    }
    this.seedLow = seed % TWO_POW_32;
    this.seedHigh = Math.floor(seed / TWO_POW_32);
    const hash = fnv1a64(name);
    this.nameLow = Number(hash & 0xffffffffn);
    this.nameHigh = Number(hash >> 32n);
  }

  /** Word `index` of the stream, 0 .. 2^32 - 1. */
  uint32(index: number): number {
    this.loadBlock(Math.floor(index / 4));
    return this.block[index % 4];
  }

  /** A float64 in [0, 1) in steps of 2^-32. */
  uniform(index: number): number {
    return this.uint32(index) * TWO_POW_MINUS_32;
  }

  /** A whole number in [0, count), count up to 2^32: scaled from 53 bits, so no value is off by more than 2^-21. */
  uniformInt(index: number, count: number): number {
    this.loadBlock(Math.floor(index / 2));
    const word = (index % 2) * 2;
    const bits = (this.block[word] >>> 5) * 2 ** 26 + (this.block[word + 1] >>> 6);
    return Math.floor(bits * TWO_POW_MINUS_53 * count);
  }

  /** A standard normal in float64, at most 6.7 in magnitude: Box-Muller, two values from each pair of words. */
  normal(index: number): number {
    const position = index % 4;
    this.loadBlock(Math.floor(index / 4));
    const word = position & 2;
    const radius = Math.sqrt(-2 * Math.log((this.block[word] + 1) * TWO_POW_MINUS_32));
    const angle = 2 * Math.PI * this.block[word + 1] * TWO_POW_MINUS_32;
    return radius * (position % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  }

  private loadBlock(blockIndex: number): void {
    if (blockIndex === this.blockIndex) return;
    const high = Math.floor(blockIndex / TWO_POW_32);
    philox4x32(this.block, blockIndex, high, this.nameLow, this.nameHigh, this.seedLow, this.seedHigh);
    this.blockIndex = blockIndex;
  }
}
