/** How long a run has trained: what it stands still for, or does beside training, does not count. Times in seconds. */
export class ActiveTime {
  /** Up to the last `stop`. */
  private seconds: number;
  /** When it was started; null while it is stopped. */
  private since: number | null = null;

  constructor(seconds: number) {
    this.seconds = seconds;
  }

  start(now: number): void {
    this.since = now;
  }

  stop(now: number): void {
    this.seconds = this.at(now);
    this.since = null;
  }

  at(now: number): number {
    return this.seconds + (this.since === null ? 0 : now - this.since);
  }
}
