import { RandomStream } from '../random/random-stream.ts';
import { checkCorpusLength, spanLength } from './corpus.ts';
import type { Corpus } from './corpus.ts';

/** The random numbers of a step lie side by side in blocks of so many, */
const BLOCK = 2 ** 20;
/** the first block of every step before the second of any. Indices of random numbers go up to 2^53. */
const MAX_STEPS = 2 ** 31;
/** Sequences of one step, over all its micro-steps. */
const SEQUENCES_PER_STEP = 4 * BLOCK;

/**
 * Seeded batches of a corpus. A batch is a pure function of (seed, split, step, micro-step): a resumed run continues on
 * the very same batches, and a batch of two micro-steps is the same sequences as one batch of twice the size.
 */
export class Sampler {
  private readonly corpus: Corpus;
  private readonly split: 'train' | 'validation';
  private readonly random: RandomStream;

  constructor(corpus: Corpus, split: 'train' | 'validation', seed: number) {
    this.corpus = corpus;
    this.split = split;
    this.random = new RandomStream(seed, `batches.${split}`);
  }

  /**
   * Fills ids (batchSize x (seqLen + 1), row-major) with sequences that each start uniformly at random and lie inside
   * the split: inputs and, one byte further, targets. Allocates nothing. A DataError when the split is too short.
   */
  sample(ids: Uint32Array, step: number, microStep: number, batchSize: number, seqLen: number): void {
    const rowLength = seqLen + 1;
    this.check(ids, step, microStep, batchSize, rowLength);
    const { bytes } = this.corpus;
    const span = this.corpus[this.split];
    const starts = spanLength(span) - seqLen;
    for (let row = 0; row < batchSize; row++) {
      const sequence = microStep * batchSize + row;
      const block = Math.floor(sequence / BLOCK) * MAX_STEPS + step;
      const start = span.start + this.random.uniformInt(block * BLOCK + (sequence % BLOCK), starts);
      const offset = row * rowLength;
      for (let i = 0; i < rowLength; i++) ids[offset + i] = bytes[start + i];
    }
  }

  private check(ids: Uint32Array, step: number, microStep: number, batchSize: number, rowLength: number): void {
    checkCorpusLength(this.corpus, rowLength - 1);
    if (ids.length < batchSize * rowLength) {
      throw new RangeError(
        `sample: given room for ${ids.length} ids, needs ${batchSize * rowLength} for ${batchSize} x ${rowLength}`,
      );
    }
    if (!Number.isInteger(step) || step < 0 || step >= MAX_STEPS) {
      throw new RangeError(`sample: given step ${step}, needs a whole number from 0 to ${MAX_STEPS - 1}`);
    }
    if (microStep < 0 || (microStep + 1) * batchSize > SEQUENCES_PER_STEP) {
      throw new RangeError(
        `sample: given micro-step ${microStep} of ${batchSize} sequences, needs at most ${SEQUENCES_PER_STEP} a step`,
      );
    }
  }
}
