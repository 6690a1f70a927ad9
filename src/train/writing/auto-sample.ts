import { nextToRemember } from '../time/rhythm.ts';
import type { Corpus } from '../../data/corpus.ts';
import type { TextRequest } from './text-sampler.ts';

const BYTES = 160;
/** Enough to tell letters from words: the first sample, and those of a step that is worth a look. */
const FEW_BYTES = 48;
/** Where a whole one takes no longer, few bytes would save nothing. */
const CHEAP_SECONDS = 0.1;
const PROMPT_BYTES = 24;
/** Bytes in which a word ends, if there are words. */
const LONGEST_WORD = 16;
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
  /** Until then the last sample has taken more than its share of the time. */
  private paidAt = 0;
  private endedAt = 0;
  /** The step from which on the run has changed enough for another. */
  private nextStep = 0;
  /** About how long a whole sample takes; not known before the first. */
  private wholeSeconds = Infinity;
  private count = 0;

  constructor(corpus: Corpus, contextLength: number) {
    this.corpus = corpus;
    this.promptBytes = Math.min(PROMPT_BYTES, contextLength);
  }

  /** The first sample comes a moment after training has begun. Times in seconds. */
  resume(now: number): void {
    this.notBefore = Math.max(this.notBefore, now + 1);
    this.paidAt = Math.max(this.paidAt, now + 1);
    this.endedAt = now;
  }

  /** Now and then, and as often as there is time for it while the run is at its beginning, where it changes most. */
  due(now: number, step: number): boolean {
    return now >= this.notBefore || (this.count > 0 && step >= this.nextStep && now >= this.paidAt);
  }

  /**
   * The next sample: what to write, when to end although it is not written to the end, and whom to tell that it has ended.
   *
   * @param last whether the run is through, so that it is what stays
   */
  begin(
    start: number,
    step: number,
    last: boolean,
  ): { request: TextRequest; until: number; done: (now: number) => void } {
    const isEarly = this.count === 0 || start < this.notBefore;
    const length = isEarly && !last && this.wholeSeconds > CHEAP_SECONDS ? FEW_BYTES : BYTES;
    const until = start + Math.max(FREE_SECONDS, MAX_SHARE * (start - this.endedAt));
    const done = (now: number): void => {
      const seconds = now - start;
      this.endedAt = now;
      this.paidAt = now + seconds / MAX_SHARE;
      this.notBefore = Math.max(now + MIN_SECONDS, this.paidAt);
      this.wholeSeconds = (seconds * BYTES) / length;
    };
    this.nextStep = nextToRemember(step);
    return { request: this.next(length), until, done };
  }

  private next(length: number): TextRequest {
    const { validation, bytes } = this.corpus;
    const room = Math.max(1, validation.end - validation.start - this.promptBytes);
    const from = validation.start + ((this.count * PROMPT_STEP) % room);
    const there = bytes.subarray(from, Math.min(validation.end, from + LONGEST_WORD + this.promptBytes + 1));
    const prompt = wholeWords(there, this.promptBytes);
    return { prompt, length, temperature: 0.8, topK: 25, seed: this.count++ };
  }
}

/** The first words that a text begins after its first space, `most` bytes of them; without spaces, its first bytes. */
function wholeWords(text: Uint8Array, most: number): Uint8Array {
  const from = text.subarray(0, LONGEST_WORD).findIndex(isSpace) + 1;
  // With the byte after them, which tells whether the last word is whole.
  const to = text.subarray(from, from + most + 1).findLastIndex(isSpace);
  const words = text.slice(from, from + (to > 0 ? to : most));
  return words.length > 0 ? words : text.slice(0, most);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
