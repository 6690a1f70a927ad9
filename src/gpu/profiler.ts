import { COPY_SRC, QUERY_RESOLVE, type Gpu } from './device.ts';
import type { Program } from './program.ts';

/** GPU time of all dispatches of one kernel within a program. */
export interface KernelTime {
  label: string;
  dispatches: number;
  milliseconds: number;
}

/** WebGPU allows 4096 queries in a set; each dispatch takes two. */
const MAX_DISPATCHES = 2048;

/**
 * Runs a program once with a timestamp around every dispatch; slowest kernel first. Needs `timestamp-query`.
 * Throws when the adapter has no timestamps or the program has more dispatches than a query set can time.
 */
export async function profile(gpu: Gpu, program: Program): Promise<KernelTime[]> {
  const count = program.dispatchCount;
  if (!gpu.device.features.has('timestamp-query')) throw new Error('profile: this adapter has no timestamp-query');
  if (count > MAX_DISPATCHES) throw new Error(`profile: given ${count} dispatches, needs at most ${MAX_DISPATCHES}`);
  const querySet = gpu.device.createQuerySet({ type: 'timestamp', count: 2 * count });
  const resolved = gpu.createBuffer('timestamps', 16 * count, QUERY_RESOLVE | COPY_SRC);
  const encoder = gpu.device.createCommandEncoder();
  for (let i = 0; i < count; i++) {
    const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 };
    program.encode(encoder, { from: i, to: i + 1, timestampWrites });
  }
  encoder.resolveQuerySet(querySet, 0, 2 * count, resolved.raw, 0);
  gpu.device.queue.submit([encoder.finish()]);
  const times = new BigUint64Array(await gpu.read(resolved, 0, 16 * count));
  querySet.destroy();
  resolved.destroy();

  const kernels = new Map<string, KernelTime>();
  program.labels.forEach((label, i) => {
    const entry = kernels.get(label) ?? { label, dispatches: 0, milliseconds: 0 };
    entry.dispatches++;
    entry.milliseconds += Number(times[2 * i + 1] - times[2 * i]) / 1e6;
    kernels.set(label, entry);
  });
  return [...kernels.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}
