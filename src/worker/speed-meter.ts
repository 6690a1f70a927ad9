import type { AdapterSpeed } from '../config/costs.ts';
import type { Gpu } from '../gpu/device.ts';
import { measureSpeed } from '../train/kernels/calibration.ts';

/** What to do before the first run. */
interface Preparation {
  /** What a run would have to wait for itself. */
  prepare(): Promise<unknown>;
  /** What nobody waits for; it ends soon once the signal is given. */
  ahead(signal: AbortSignal): Promise<unknown>;
}

/** Measures how fast an adapter is while nothing else wants it, and then has it prepared for the first run. */
export class SpeedMeter {
  private readonly tell: (speed: AdapterSpeed) => void;
  private underWay: { abort: AbortController; end: Promise<void> } | null = null;

  constructor(tell: (speed: AdapterSpeed) => void) {
    this.tell = tell;
  }

  /** Begins a measurement, unless one is under way, and then what it leads to. */
  begin(gpu: Gpu, { prepare, ahead }: Preparation): void {
    if (this.underWay !== null) return;
    const abort = new AbortController();
    const mine = { abort, end: this.measure(gpu, prepare, abort.signal) };
    this.underWay = mine;
    void mine.end
      .then(() => (abort.signal.aborted ? undefined : ahead(abort.signal)))
      .catch(() => {})
      .finally(() => {
        this.underWay = null;
      });
  }

  /**
   * Ends the measurement under way; settles when the adapter is free, which is after one submit, or when it is prepared, for
   * which a run would have to wait itself.
   */
  async stop(): Promise<void> {
    this.underWay?.abort.abort();
    await this.underWay?.end;
  }

  private async measure(gpu: Gpu, prepare: Preparation['prepare'], signal: AbortSignal): Promise<void> {
    try {
      const speed = await measureSpeed(gpu, signal);
      if (speed !== null) this.tell(speed);
      if (!signal.aborted) await prepare();
    } catch {
      // An adapter that is lost or too small is told of elsewhere; what is missing here is only an estimate.
    }
  }
}
