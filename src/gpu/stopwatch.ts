import { COPY_SRC, QUERY_RESOLVE, type Gpu } from './device.ts';
import type { DeviceBuffer } from './buffer.ts';
import type { Program, ProgramPart } from './program.ts';

/** Times runs of programs for a benchmark: by the GPU's own clock where it has timestamps, else by the host's. */
export class Stopwatch {
  private readonly gpu: Gpu;
  private readonly queries: { set: GPUQuerySet; resolved: DeviceBuffer } | null;

  constructor(gpu: Gpu) {
    this.gpu = gpu;
    this.queries = gpu.device.features.has('timestamp-query')
      ? {
          set: gpu.device.createQuerySet({ type: 'timestamp', count: 2 }),
          resolved: gpu.createBuffer('stopwatch', 16, QUERY_RESOLVE | COPY_SRC),
        }
      : null;
  }

  get clock(): 'gpu' | 'host' {
    return this.queries ? 'gpu' : 'host';
  }

  /**
   * Milliseconds that `runs` runs of dispatches [from, to) took together, one after the other in one submit. The host's
   * clock counts the submit and the wait for it as well.
   */
  async time(program: Program, { from, to }: ProgramPart, runs: number): Promise<number> {
    const { gpu, queries } = this;
    await gpu.settled();
    const start = performance.now();
    const encoder = gpu.device.createCommandEncoder();
    for (let run = 0; run < runs; run++) {
      const timestampWrites = queries && {
        querySet: queries.set,
        ...(run === 0 && { beginningOfPassWriteIndex: 0 }),
        ...(run === runs - 1 && { endOfPassWriteIndex: 1 }),
      };
      // A pass between the first and the last has nothing to write, which WebGPU refuses to be told.
      const isEdge = run === 0 || run === runs - 1;
      program.encode(encoder, { from, to, ...(timestampWrites && isEdge && { timestampWrites }) });
    }
    if (queries) encoder.resolveQuerySet(queries.set, 0, 2, queries.resolved.raw, 0);
    gpu.device.queue.submit([encoder.finish()]);
    if (!queries) {
      await gpu.settled();
      return performance.now() - start;
    }
    const [begin, end] = new BigUint64Array(await gpu.read(queries.resolved, 0, 16));
    // Some adapters reset their clock now and then.
    return end >= begin ? Number(end - begin) / 1e6 : this.time(program, { from, to }, runs);
  }

  destroy(): void {
    this.queries?.set.destroy();
    this.queries?.resolved.destroy();
  }
}
