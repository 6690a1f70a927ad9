/** Far longer than the answer of an idle queue takes, unless its browser looks for finished work by a slow clock. */
const LATE_MS = 50;
const NUDGE_MS = 4;

/**
 * Waits for work of a queue. Firefox looks for what has finished ten times a second, and whenever something is submitted
 * (https://bugzilla.mozilla.org/show_bug.cgi?id=1870699), which would leave a fast GPU idle most of the time. Where that is so, an
 * empty submit goes out every few milliseconds for as long as anybody waits.
 */
export class Completion {
  private readonly queue: GPUQueue;
  private looksSeldom = false;
  private waiting = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(queue: GPUQueue) {
    this.queue = queue;
  }

  /** Finds out by an idle queue how its work is noticed. */
  async probe(): Promise<void> {
    // Up to here the slow clock may have been about to tick.
    await this.queue.onSubmittedWorkDone();
    // Twice, since once it may be the machine that is busy.
    const first = await this.idleAnswer();
    this.looksSeldom = first > LATE_MS && (await this.idleAnswer()) > LATE_MS;
  }

  /** Waits for a promise of this device that settles when the GPU gets there. */
  of<T>(work: Promise<T>): Promise<T> {
    return this.looksSeldom ? this.hurried(work) : work;
  }

  private async idleAnswer(): Promise<number> {
    const start = performance.now();
    await this.queue.onSubmittedWorkDone();
    return performance.now() - start;
  }

  private async hurried<T>(work: Promise<T>): Promise<T> {
    if (this.waiting++ === 0) this.timer = setInterval(() => this.queue.submit([]), NUDGE_MS);
    try {
      return await work;
    } finally {
      if (--this.waiting === 0) clearInterval(this.timer);
    }
  }
}
