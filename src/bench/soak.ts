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

/** Trains for a long time and watches what could grow. `heap` reads the size of the heap, if the runtime can. */
export async function soak(
  gpu: Gpu,
  query: string,
  steps: number,
  rows: number,
  heap: () => number | null,
): Promise<SoakRow[]> {
  const { session, submit } = await openSession(gpu, query);
  const result: SoakRow[] = [];
  for (let row = 1; row <= rows; row++) {
    const until = Math.round((steps * row) / rows);
    const from = session.step;
    const start = performance.now();
    while (session.step < until) {
      submit(Math.min(8, until - session.step));
      await session.ring.atMost(24);
    }
    await session.ring.atMost(0);
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
