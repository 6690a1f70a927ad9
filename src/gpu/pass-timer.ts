import type { DeviceBuffer } from './buffer.ts';
import { COPY_SRC, QUERY_RESOLVE, type Gpu } from './device.ts';

/** Words (u32) that the times of one pass take: two 64-bit numbers of nanoseconds. */
export const WORDS_PER_PASS = 4;

/** Times a fixed number of passes on the GPU, again and again, without creating anything. */
export class PassTimer {
  /** The begin and end of every pass as of the last `encodeResolve`, for a copy to where they are read. */
  readonly times: DeviceBuffer;
  private readonly querySet: GPUQuerySet;
  private readonly writes: GPUComputePassTimestampWrites[];

  private constructor(gpu: Gpu, passes: number) {
    this.querySet = gpu.device.createQuerySet({ type: 'timestamp', count: 2 * passes });
    this.times = gpu.createBuffer('pass times', passes * WORDS_PER_PASS * 4, QUERY_RESOLVE | COPY_SRC);
    this.writes = Array.from({ length: passes }, (_, i) => ({
      querySet: this.querySet,
      beginningOfPassWriteIndex: 2 * i,
      endOfPassWriteIndex: 2 * i + 1,
    }));
  }

  /** Null where the adapter has no timestamps. */
  static create(gpu: Gpu, passes: number): PassTimer | null {
    return gpu.device.features.has('timestamp-query') ? new PassTimer(gpu, passes) : null;
  }

  /** What pass number `index` is to write. */
  pass(index: number): GPUComputePassTimestampWrites {
    return this.writes[index];
  }

  encodeResolve(encoder: GPUCommandEncoder): void {
    encoder.resolveQuerySet(this.querySet, 0, 2 * this.writes.length, this.times.raw, 0);
  }

  destroy(): void {
    this.querySet.destroy();
    this.times.destroy();
  }
}

/** Milliseconds of pass `index` from the words that `times` held; NaN when it was not timed, or the clock was reset in between. */
export function passMilliseconds(words: Uint32Array, index: number): number {
  const at = index * WORDS_PER_PASS;
  const begin = words[at] + words[at + 1] * 2 ** 32;
  const end = words[at + 2] + words[at + 3] * 2 ** 32;
  return begin > 0 && end >= begin ? (end - begin) / 1e6 : NaN;
}
