import { now as clock } from './now.ts';

const BEAT_SECONDS = 5;
/** A silence that is longer than this, and than so many steps, is none of the GPU's: the computer has slept. */
const SILENCE_SECONDS = 30;
const SILENCE_STEPS = 20;

/**
 * How long a run has trained: what it stands still for, or does beside training, does not count, nor does a sleep of the computer.
 * Times in seconds.
 */
export class ActiveTime {
  private readonly secondsPerStep: () => number;
  /** Up to `since`, or to the last `stop`. */
  private seconds: number;
  /** Up to when it was counted; null while it is stopped. */
  private since: number | null = null;
  private beat: ReturnType<typeof setInterval> | undefined;

  /** @param secondsPerStep lately, Infinity as long as nobody knows */
  constructor(seconds: number, secondsPerStep: () => number) {
    this.seconds = seconds;
    this.secondsPerStep = secondsPerStep;
  }

  start(now: number): void {
    this.stop(now);
    this.since = now;
    // It tells a sleep, in which nothing runs, from a long step or validation, during which the host only waits.
    this.beat = setInterval(() => this.at(clock()), 1000 * BEAT_SECONDS);
  }

  stop(now: number): void {
    this.at(now);
    this.since = null;
    clearInterval(this.beat);
  }

  at(now: number): number {
    if (this.since !== null) {
      const passed = now - this.since;
      const step = this.secondsPerStep();
      const slept = passed > SILENCE_SECONDS && passed > SILENCE_STEPS * step;
      this.seconds += slept ? step : passed;
      this.since = now;
    }
    return this.seconds;
  }
}
