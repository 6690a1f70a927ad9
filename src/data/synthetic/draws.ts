import type { RandomStream } from '../../random/random-stream.ts';

/**
 * Random choices, one after the other. Who knows the rule of a text can tell each choice from the bytes and nothing else is left
 * to guess, so their bits are what the text costs at least.
 */
export class Draws {
  /** What all choices so far hold. */
  bits = 0;
  private readonly random: RandomStream;
  private made = 0;

  constructor(random: RandomStream) {
    this.random = random;
  }

  /** A whole number in [0, count), each as likely. */
  below(count: number): number {
    this.bits += Math.log2(count);
    return this.random.uniformInt(this.made++, count);
  }

  /** Takes one out of a list, each as likely. */
  take<T>(from: T[]): T {
    return from.splice(this.below(from.length), 1)[0];
  }
}
