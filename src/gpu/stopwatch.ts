import { COPY_SRC, QUERY_RESOLVE, type Gpu } from './device.ts';
import type { DeviceBuffer } from './buffer.ts';
import { passMilliseconds } from './pass-timer.ts';
import { MOST_PASSES, type Program, type ProgramPart } from './program.ts';

/** After so many readings that cannot be, one after the other, a GPU's clock is taken for broken. */
const MOST_ATTEMPTS = 3;

/** Times runs of programs for a benchmark: by the GPU's own clock where it has one that works, else by the host's. */
export class Stopwatch {
  private readonly gpu: Gpu;
  private queries: { set: GPUQuerySet; resolved: DeviceBuffer } | null;

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
  async time(program: Program, part: ProgramPart, runs: number): Promise<number> {
    for (let attempt = 0; this.queries && attempt < MOST_ATTEMPTS; attempt++) {
      this.submit(program, part, runs);
      const times = await this.gpu.read(this.queries.resolved, 0, 16);
      // Some adapters reset their clock now and then, and some leave times unwritten.
      const milliseconds = passMilliseconds(new Uint32Array(times), 0);
      if (!Number.isNaN(milliseconds)) return milliseconds;
    }
    this.destroy();
    await this.gpu.settled();
    const start = performance.now();
    this.submit(program, part, runs);
    await this.gpu.settled();
    return performance.now() - start;
  }

  /** Does without the GPU's clock from now on. */
  destroy(): void {
    this.queries?.set.destroy();
    this.queries?.resolved.destroy();
    this.queries = null;
  }

  private submit(program: Program, { from, to }: ProgramPart, runs: number): void {
    const { gpu, queries } = this;
    const full: GPUCommandBuffer[] = [];
    let encoder = gpu.device.createCommandEncoder();
    for (let run = 0; run < runs; run++) {
      if (run > 0 && run % MOST_PASSES === 0) {
        full.push(encoder.finish());
        encoder = gpu.device.createCommandEncoder();
      }
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
    gpu.device.queue.submit([...full, encoder.finish()]);
  }
}
