import { MAX_STEPS_PER_SUBMIT } from './training-session.ts';

/** GPU time one submit should take: long enough to hide the host, short enough to answer a pause at once. */
const TARGET_SECONDS = 0.04;
const WINDOW_SECONDS = 2;

/** How fast steps go, and so how many to put into one submit. */
export class Pace {
  private readonly bytesPerStep: number;
  private windowStart = 0;
  private windowSteps = 0;
  private stepsPerSecond = 0;

  constructor(bytesPerStep: number) {
    this.bytesPerStep = bytesPerStep;
  }

  /** Starts measuring anew, after a pause. The last rate stays until there is a better one. */
  restart(now: number): void {
    this.windowStart = now;
    this.windowSteps = 0;
  }

  /** Notes that a step's figures have arrived. Times in seconds. */
  note(now: number): void {
    this.windowSteps++;
    const elapsed = now - this.windowStart;
    if (elapsed <= 0) return;
    if (this.stepsPerSecond === 0 || elapsed > WINDOW_SECONDS / 4) this.stepsPerSecond = this.windowSteps / elapsed;
    if (elapsed > WINDOW_SECONDS) this.restart(now);
  }

  get bytesPerSecond(): number {
    return this.stepsPerSecond * this.bytesPerStep;
  }

  get stepsPerSubmit(): number {
    const wanted = Math.floor(this.stepsPerSecond * TARGET_SECONDS);
    return Math.max(1, Math.min(MAX_STEPS_PER_SUBMIT, wanted));
  }
}
