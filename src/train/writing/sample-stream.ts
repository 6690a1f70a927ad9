import type { WorkerEvent } from '../../protocol/events.ts';
import type { TextRequest, TextSampler } from './text-sampler.ts';

/** Milliseconds from one event to the next. */
const INTERVAL = 100;

interface Parts {
  texts: Pick<TextSampler, 'sample'>;
  runId: number;
  /** The step of the parameters that write. */
  step: () => number;
  emit: (event: WorkerEvent) => void;
}

/** Has a run write texts, and tells of each as it comes. */
export class SampleStream {
  private readonly parts: Parts;
  private readonly writing = new Set<number>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /**
   * Writes until the text is long enough, `stop` is called, or `goesOn`, which is asked after each byte, says no. A text that
   * fails is told to end where it has come, and rejects.
   */
  async write(requestId: number, request: TextRequest, goesOn: () => boolean): Promise<void> {
    const { texts, runId, emit } = this.parts;
    const bytes: number[] = [];
    const step = this.parts.step();
    const send = (done: boolean): void =>
      emit({
        type: 'sample',
        requestId,
        runId,
        step,
        lastStep: this.parts.step(),
        prompt: request.prompt,
        bytes: Uint8Array.from(bytes),
        done,
      });
    // The first byte goes out at once.
    let sentAt = -Infinity;
    this.writing.add(requestId);
    try {
      for await (const byte of texts.sample(request)) {
        bytes.push(byte);
        if (!this.writing.has(requestId) || !goesOn()) break;
        if (performance.now() - sentAt < INTERVAL) continue;
        send(false);
        sentAt = performance.now();
      }
    } finally {
      this.writing.delete(requestId);
      send(true);
    }
  }

  stop(requestId: number): void {
    this.writing.delete(requestId);
  }
}
