import type { Gpu } from '../gpu/device.ts';
import { openSession } from './step-session.ts';

export interface SoakRow {
  step: number;
  /** JavaScript heap after a collection where the runtime allows one, else as it is. */
  heapBytes: number | null;
  buffersAlive: number;
  bytesAlive: number;
  bindGroupsCreated: number;
  pipelinesCreated: number;
  /** Milliseconds per step since the row before. */
  stepMilliseconds: number;
}

const ROWS = 10;
/** The first row: by then everything that a run needs once is there. */
const BEGUN = 100;

/** Steps after which a run of so many is looked at: early, then ten times. What follows is compared with the first. */
export function soakMilestones(steps: number): number[] {
  const tenths = Array.from({ length: ROWS }, (_, i) => Math.ceil((steps * (i + 1)) / ROWS));
  return [...new Set([Math.min(BEGUN, tenths[0]), ...tenths])];
}

/** Trains for a long time and watches what could grow. `heap` reads the size of the heap, if the runtime can. */
export async function soak(gpu: Gpu, query: string, steps: number, heap: () => number | null): Promise<SoakRow[]> {
  const { session, submit } = await openSession(gpu, query);
  const result: SoakRow[] = [];
  for (const until of soakMilestones(steps)) {
    const from = session.step;
    const start = performance.now();
    while (session.step < until) {
      submit(Math.min(8, until - session.step));
      await session.replay.ring.atMost(24);
    }
    await session.replay.ring.atMost(0);
    const { buffersAlive, bytesAlive, bindGroupsCreated, pipelinesCreated } = gpu.counts;
    const stepMilliseconds = (performance.now() - start) / (until - from);
    result.push({
      step: until,
      heapBytes: heap(),
      buffersAlive,
      bytesAlive,
      bindGroupsCreated,
      pipelinesCreated,
      stepMilliseconds,
    });
  }
  session.destroy();
  return result;
}
