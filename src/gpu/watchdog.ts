const BEAT_SECONDS = 5;
/** Whatever the work is, it is given so much time. */
const LEAST_PATIENCE_SECONDS = 60;

/**
 * Notices that work of a device never comes back: where a command buffer fails on Metal, the browser may neither say so nor answer
 * (https://github.com/gfx-rs/wgpu/issues/9545). Time is counted by a timer's beats, which stand still while the computer sleeps.
 */
export class Watchdog {
  /** Seconds without any answer that are nothing unusual; less than a minute never is. */
  patience = LEAST_PATIENCE_SECONDS;
  private readonly onSilence: (seconds: number) => void;
  private silence = 0;
  private waiting = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** @param onSilence called with the seconds that passed without an answer */
  constructor(onSilence: (seconds: number) => void) {
    this.onSilence = onSilence;
  }

  /** Watches a promise of the device that settles when the GPU gets there. */
  async of<T>(work: Promise<T>): Promise<T> {
    if (this.waiting++ === 0) {
      this.silence = 0;
      this.timer = setInterval(() => this.beat(), 1000 * BEAT_SECONDS);
    }
    try {
      return await work;
    } finally {
      this.silence = 0;
      if (--this.waiting === 0) clearInterval(this.timer);
    }
  }

  private beat(): void {
    this.silence += BEAT_SECONDS;
    if (this.silence < Math.max(LEAST_PATIENCE_SECONDS, this.patience)) return;
    clearInterval(this.timer);
    this.onSilence(this.silence);
  }
}
