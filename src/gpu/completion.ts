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
  /** Whether it looks by that slow clock, once `probe` has found out. */
  looksSeldom = false;
  private waiting = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(queue: GPUQueue) {
    this.queue = queue;
  }

  /** Finds out by an idle queue how its work is noticed. */
  async probe(): Promise<void> {
    // Up to here the slow clock may have been about to tick.
    await this.queue.onSubmittedWorkDone();
    // Two of three, since the machine may be busy: once an answer is late for that, and after a late tick of a slow clock the next
    // comes early.
    let late = 0;
    let early = 0;
    while (late < 2 && early < 2) {
      if ((await this.idleAnswer()) > LATE_MS) late++;
      else early++;
    }
    this.looksSeldom = late === 2;
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
