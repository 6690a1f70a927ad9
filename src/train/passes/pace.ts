/** Most steps in one submit. */
export const MAX_STEPS_PER_SUBMIT = 16;
/** GPU time one submit should take: long enough to hide the host, short enough to answer a pause at once. */
const TARGET_SECONDS = 0.04;
const WINDOW_SECONDS = 2;
/** Submits that wait behind the one under way, and the longest step with which so many may: a pause waits for all of them. */
const WAITING = [
  { submits: 2, seconds: 0.1 },
  { submits: 1, seconds: 1 },
] as const;
/** Windows resets a GPU that is busy with one submit for about 2 s, so a micro-batch that takes longer than this is cut. */
const LONG_SECONDS = 1;
/** GPU time of a piece; pieces are not quite equal, and other programs use the GPU too. */
const PIECE_SECONDS = 0.25;
/** Work of a piece as long as nothing was measured: a third of a second for a slow integrated GPU. */
const FIRST_PIECE_FLOPS = 2e10;
const LEAST_FLOPS_PER_SECOND = 1e9;
/** Of the time of so many steps nothing comes back only where nothing will. */
const UNUSUAL_STEPS = 50;

/** What a step is made of. */
interface StepSize {
  bytes: number;
  microBatches: number;
  /** Of all micro-batches. */
  flops: number;
}

/** How fast steps go, and so how many to put into one submit, or over how many submits to spread one. */
export class Pace {
  private readonly size: StepSize;
  private windowStart = 0;
  private windowSteps = 0;
  private stepsPerSecond = 0;

  constructor(size: StepSize) {
    this.size = size;
  }

  /** Starts measuring anew, after a pause. The last rate stays until there is a better one. Times in seconds of training. */
  restart(now: number): void {
    this.windowStart = now;
    this.windowSteps = 0;
  }

  /** Notes that a step's figures have arrived. */
  note(now: number): void {
    this.windowSteps++;
    const elapsed = now - this.windowStart;
    if (elapsed <= 0) return;
    if (this.stepsPerSecond === 0 || elapsed > WINDOW_SECONDS / 4) this.stepsPerSecond = this.windowSteps / elapsed;
    if (elapsed > WINDOW_SECONDS) this.restart(now);
  }

  /** Infinity before the first. */
  get secondsPerStep(): number {
    return 1 / this.stepsPerSecond;
  }

  get bytesPerSecond(): number {
    return this.stepsPerSecond * this.size.bytes;
  }

  get stepsPerSubmit(): number {
    const wanted = Math.floor(this.stepsPerSecond * TARGET_SECONDS);
    return Math.max(1, Math.min(MAX_STEPS_PER_SUBMIT, wanted));
  }

  /**
   * How many submits may be under way before another one is made. With none the GPU stands still for a moment after each,
   * which long steps do not notice; whoever pauses them notices every one. Also as long as nothing was measured.
   */
  get mostUnderWay(): number {
    const seconds = this.secondsPerStep;
    const waiting = WAITING.find((each) => seconds <= each.seconds);
    return waiting ? waiting.submits + 1 : 0;
  }

  /**
   * Seconds without an answer after which the GPU will not answer any more: far more than steps take, and before there was one as
   * many as it would take a GPU that is slower than any.
   */
  get patience(): number {
    return this.stepsPerSecond === 0 ? this.size.flops / LEAST_FLOPS_PER_SECOND : UNUSUAL_STEPS * this.secondsPerStep;
  }

  /** A power of two, so that it seldom changes. */
  get submitsPerMicroBatch(): number {
    const { microBatches, flops } = this.size;
    if (this.stepsPerSecond === 0) return submitsOf(flops / microBatches);
    const seconds = 1 / (this.stepsPerSecond * microBatches);
    return seconds > LONG_SECONDS ? powerOfTwo(seconds / PIECE_SECONDS) : 1;
  }
}

/** Over how many submits to spread so much work where nothing was measured. A power of two. */
export function submitsOf(flops: number): number {
  return powerOfTwo(flops / FIRST_PIECE_FLOPS);
}

/** The smallest that is as large. */
function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, least)));
}
