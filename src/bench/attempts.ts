import { OutOfMemoryError, type Gpu } from '../gpu/device.ts';
import type { Report } from './report.ts';

type Work = (gpu: Gpu) => Promise<void>;

/** Makes measurements one after the other. What goes wrong in one is reported under its id and does not end those behind it. */
export class Attempts {
  private readonly open: () => Promise<Gpu>;
  private readonly report: Report;
  private shared: WatchedDevice;

  private constructor(open: () => Promise<Gpu>, report: Report, gpu: Gpu) {
    this.open = open;
    this.report = report;
    this.shared = new WatchedDevice(gpu);
  }

  /** `open` gives a new device each time. Throws where there is none to begin with. */
  static async begin(open: () => Promise<Gpu>, report: Report): Promise<Attempts> {
    return new Attempts(open, report, await open());
  }

  /** The device that measurements have one after the other. */
  get gpu(): Gpu {
    return this.shared.gpu;
  }

  /** Measures on the device of those before, or on a new one where that was lost; whether nothing went wrong. */
  async onSharedDevice(id: string, work: Work): Promise<boolean> {
    if (this.shared.loss !== null) {
      const opened = await this.openFor(id);
      if (!opened) return false;
      this.shared = opened;
    }
    return this.attempt(id, this.shared, work);
  }

  /** Measures on a device that has compiled nothing, and closes it. */
  async onNewDevice(id: string, work: Work): Promise<void> {
    const device = await this.openFor(id);
    if (!device) return;
    await this.attempt(id, device, work);
    device.gpu.close();
  }

  close(): void {
    this.shared.gpu.close();
  }

  private async openFor(id: string): Promise<WatchedDevice | null> {
    try {
      return new WatchedDevice(await this.open());
    } catch (error) {
      this.report({ kind: 'failed', id, message: messageOf(error) });
      return null;
    }
  }

  /** Whether nothing went wrong; else that is reported. */
  private async attempt(id: string, device: WatchedDevice, work: Work): Promise<boolean> {
    device.complaint = null;
    const { gpu } = device;
    const thrown = await errorOf(() => work(gpu));
    // A destroyed buffer is freed when a later submit is through.
    const unsettled = await errorOf(() => gpu.settled());
    const error = thrown ?? unsettled;
    // Whatever fails because a device is gone may do so before that is known.
    if (error !== null) await gpu.isLost();
    const { complaint, loss } = device;
    if (error instanceof OutOfMemoryError && loss === null) {
      this.report({ kind: 'skipped', id, reason: error.message });
      return false;
    }
    const messages = [error && messageOf(error), complaint, loss && `the device was lost (${loss})`];
    const message = messages.filter((each) => each !== null).join('; ');
    if (message !== '') this.report({ kind: 'failed', id, message });
    return message === '';
  }
}

/** A device, and what it has said. */
class WatchedDevice {
  readonly gpu: Gpu;
  /** Why it is gone; null as long as it is there. */
  loss: string | null = null;
  /** The first error that nobody has asked for. */
  complaint: string | null = null;

  constructor(gpu: Gpu) {
    this.gpu = gpu;
    gpu.onError = (message) => (this.complaint ??= message);
    void gpu.lost.then(({ reason, message }) => (this.loss = message || reason));
  }
}

async function errorOf(work: () => Promise<void>): Promise<Error | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
