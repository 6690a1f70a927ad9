const WINDOW_MS = 3000;

/** Bytes per second over the last three seconds. */
export class RateMeter {
  private readonly samples: { time: number; bytes: number }[] = [];

  /** Notes that `bytes` more bytes have come by `time` (milliseconds) and gives the rate there. */
  add(bytes: number, time: number): number {
    this.samples.push({ time, bytes });
    while (this.samples.length > 2 && time - this.samples[0].time > WINDOW_MS) this.samples.shift();
    const elapsed = time - this.samples[0].time;
    if (elapsed === 0) return 0;
    // The first sample's bytes came before its time.
    const received = this.samples.slice(1).reduce((sum, sample) => sum + sample.bytes, 0);
    return (1000 * received) / elapsed;
  }
}
