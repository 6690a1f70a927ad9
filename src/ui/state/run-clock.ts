import type { WorkerEvent } from '../../protocol/events.ts';

/** Seconds over which the latest steps are averaged, and steps where those take long. */
const LATELY_SECONDS = 20;
const LATELY_STEPS = 5;
/** A silence that is longer than this, and than so many times what its steps would take, was a sleep of the computer. */
const SLEEP_SECONDS = 300;
const SLEEP_TIMES = 20;

interface Measured {
  steps: number;
  seconds: number;
}

/**
 * How long a run takes by the clock of the page: unlike its time of training with samples, looks inside and validations. Times in
 * seconds.
 */
export class RunClock {
  /** From when it was asked for on this page until it could make a step; null as long as nobody knows. */
  preparation: number | null = null;
  private askedAt: number | null = null;
  /** What was heard of it last; null while it stands still. */
  private last: { step: number; at: number } | null = null;
  private all: Measured = { steps: 0, seconds: 0 };
  /** The same, with the less weight the longer ago. */
  private late: Measured = { steps: 0, seconds: 0 };

  /** Somebody has asked for the run. */
  ask(now: number): void {
    this.askedAt = now;
  }

  /** Hears of what becomes of the run, which has come to `step`. */
  follow({ type }: WorkerEvent, step: number, now: number): void {
    const goesOn = type === 'started' || type === 'resumed';
    const stands = type === 'paused' || type === 'done';
    if (type === 'started' && this.askedAt !== null) {
      this.preparation = now - this.askedAt;
      this.askedAt = null;
    }
    if (type === 'metrics' || stands) this.note(step, now);
    if (goesOn || (type === 'metrics' && this.last !== null)) this.last = { step, at: now };
    else if (stands) this.last = null;
  }

  /** Of all steps on this page; null before the first. */
  get secondsPerStep(): number | null {
    return mean(this.all);
  }

  /** Of the latest steps; null before the first. */
  get secondsPerStepLately(): number | null {
    return mean(this.late);
  }

  private note(step: number, now: number): void {
    if (this.last === null) return;
    const steps = step - this.last.step;
    const seconds = now - this.last.at;
    const expected = steps * (mean(this.all) ?? Infinity);
    if (seconds > SLEEP_SECONDS && seconds > SLEEP_TIMES * expected) return;
    const weight = Math.exp(-Math.min(seconds / LATELY_SECONDS, steps / LATELY_STEPS));
    this.all = { steps: this.all.steps + steps, seconds: this.all.seconds + seconds };
    this.late = { steps: weight * this.late.steps + steps, seconds: weight * this.late.seconds + seconds };
  }
}

function mean({ steps, seconds }: Measured): number | null {
  return steps > 0 ? seconds / steps : null;
}
