import { now } from '../time/now.ts';
import type { AutoSample } from './auto-sample.ts';
import type { SampleStream } from './sample-stream.ts';
import type { TextRequest } from './text-sampler.ts';

/** Request number of the sample that refreshes by itself. */
const AUTO_SAMPLE = 0;

/** What a run writes: the texts that somebody asks for, and one that refreshes by itself while it trains. */
export class Samples {
  private readonly stream: Pick<SampleStream, 'write' | 'stop'>;
  private readonly auto: AutoSample | null;
  private visible = true;
  private readonly underWay = new Set<Promise<void>>();

  /** @param auto null where nothing refreshes by itself */
  constructor(stream: Pick<SampleStream, 'write' | 'stop'>, auto: AutoSample | null) {
    this.stream = stream;
    this.auto = auto;
  }

  /** Writes a text; it ends early when `stop` names it or `goesOn` says no. Rejects when the device is gone. */
  write(requestId: number, request: TextRequest, goesOn: () => boolean): Promise<void> {
    const writing = this.stream.write(requestId, request, goesOn);
    this.underWay.add(writing);
    const forget = (): void => void this.underWay.delete(writing);
    writing.then(forget, forget);
    return writing;
  }

  stop(requestId: number): void {
    this.stream.stop(requestId);
  }

  /** Settles when no text is being written any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }

  /** While nobody can see it, nothing refreshes. */
  show(visible: boolean): void {
    this.visible = visible;
  }

  /** Training goes on. */
  resume(): void {
    this.auto?.resume(now());
  }

  /** Whether somebody sees what refreshes by itself. */
  get areSeen(): boolean {
    return this.auto !== null && this.visible;
  }

  /** Whether it is time for another after that step. */
  isDueAt(step: number): boolean {
    return this.areSeen && this.auto!.due(now(), step);
  }

  /** Shows what the model writes after a step, if anybody sees it: as much as there is time for. */
  async refresh(step: number, last: boolean, goesOn: () => boolean): Promise<void> {
    if (this.auto === null || !this.visible || !goesOn()) return;
    const { request, until, done } = this.auto.begin(now(), step, last);
    await this.write(AUTO_SAMPLE, request, () => goesOn() && now() < until);
    done(now());
  }
}
