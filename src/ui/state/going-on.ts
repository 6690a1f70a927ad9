import type { WorkerEvent } from '../../protocol/events.ts';
import type { RunPhase, RunState } from './run-state.ts';

const MINUTE = 60_000;
const MOST_A_MINUTE = 2;

/** Counts how often the page went on by itself: a device that is lost again and again is not asked for without end. */
export class Recoveries {
  private times: number[] = [];

  /** Whether one more is in order at that time, in milliseconds; then it counts. */
  allow(now: number): boolean {
    this.times = this.times.filter((at) => now - at < MINUTE);
    if (this.times.length >= MOST_A_MINUTE) return false;
    this.times.push(now);
    return true;
  }
}

/** Whether there is an adapter, and the text that was asked for last. */
export function isReady({ adapter, corpus, loading }: RunState): boolean {
  return adapter.state === 'ready' && corpus !== null && loading === null;
}

/** What a run comes to that was to go on, when its text or an adapter does not come; null for all else. */
export function obstacleIn(event: WorkerEvent, waits: boolean): RunPhase | null {
  if (event.type === 'corpus-failed') return withoutText(event.message);
  if (event.type !== 'adapter' || event.state === 'ready') return null;
  return { name: 'lost', reason: 'unknown', message: event.message, waits };
}

/** What a run comes to that was to go on and has not got its text. */
export function withoutText(message: string): RunPhase {
  return { name: 'failed', failure: { kind: 'data', message } };
}
