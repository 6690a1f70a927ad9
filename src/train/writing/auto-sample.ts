import type { Corpus } from '../../data/corpus.ts';
import type { TextRequest } from './text-sampler.ts';

const BYTES = 160;
const PROMPT_BYTES = 24;
const MIN_SECONDS = 4;
/** Samples take at most this share of the time, */
const MAX_SHARE = 0.1;
/** but may take so long in any case: enough for all of one wherever training is bearable. */
const FREE_SECONDS = 2;
/** Bytes from one prompt to the next; a prime, so that prompts do not repeat with the lines of a text. */
const PROMPT_STEP = 4099;

/** When a text sample refreshes while training, and what it continues: bytes that the model is not trained on. */
export class AutoSample {
  private readonly corpus: Corpus;
  private readonly promptBytes: number;
  private notBefore = 0;
  private endedAt = 0;
  private count = 0;

  constructor(corpus: Corpus, contextLength: number) {
    this.corpus = corpus;
    this.promptBytes = Math.min(PROMPT_BYTES, contextLength);
  }

  /** The first sample comes a moment after training has begun. Times in seconds. */
  resume(now: number): void {
    this.notBefore = Math.max(this.notBefore, now + 1);
    this.endedAt = now;
  }

  due(now: number): boolean {
    return now >= this.notBefore;
  }

  /** The next sample: what to write, when to end although it is not written to the end, and whom to tell that it has ended. */
  begin(start: number): { request: TextRequest; until: number; done: (now: number) => void } {
    const until = start + Math.max(FREE_SECONDS, MAX_SHARE * (start - this.endedAt));
    const done = (now: number): void => {
      this.endedAt = now;
      this.notBefore = now + Math.max(MIN_SECONDS, (now - start) / MAX_SHARE);
    };
    return { request: this.next(), until, done };
  }

  private next(): TextRequest {
    const { validation, bytes } = this.corpus;
    const room = Math.max(1, validation.end - validation.start - this.promptBytes);
    const from = validation.start + ((this.count * PROMPT_STEP) % room);
    const prompt = bytes.slice(from, from + this.promptBytes);
    return { prompt, length: BYTES, temperature: 0.8, topK: 25, seed: this.count++ };
  }
}
