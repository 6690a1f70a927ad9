import { spanLength, type Corpus } from '../../data/corpus.ts';
import { testSequences } from '../../protocol/test-score.ts';

/** The sequences of a text's test part that a score reads: side by side, or, of a long text, spread evenly over it. */
export class TestPart {
  /** How many sequences are read. */
  readonly count: number;
  private readonly corpus: Corpus;
  private readonly length: number;
  private readonly all: number;

  /** @param length bytes that are predicted of each sequence: a context */
  constructor(corpus: Corpus, length: number) {
    const { all, read } = testSequences(spanLength(corpus.test), length);
    this.corpus = corpus;
    this.length = length;
    this.all = all;
    this.count = read;
  }

  /** Throws an Error when not one sequence fits into the part. */
  check(): void {
    const bytes = spanLength(this.corpus.test);
    if (this.count === 0) throw new Error(`test part: given ${bytes} bytes, needs at least ${this.length + 1}`);
  }

  /**
   * Copies sequences from number `first` on to ids, [B, length + 1]: inputs and, one byte further, targets. Rows that are left
   * become zeros. How many there were.
   */
  copy(ids: Uint32Array, first: number): number {
    const row = this.length + 1;
    const rows = Math.min(ids.length / row, this.count - first);
    ids.fill(0);
    for (let i = 0; i < rows; i++) {
      const start = this.corpus.test.start + this.length * Math.floor(((first + i) * this.all) / this.count);
      ids.set(this.corpus.bytes.subarray(start, start + row), i * row);
    }
    return rows;
  }
}
