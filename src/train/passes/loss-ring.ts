import type { DeviceBuffer } from '../../gpu/buffer.ts';
import { COPY_DST, MAP_READ, type Gpu } from '../../gpu/device.ts';

/** Called once per step, in order; what it is given is valid during the call only. `times` holds words of `PassTimer`. */
export type RecordListener = (record: Float32Array, times: Uint32Array) => void;

interface Staging {
  buffer: DeviceBuffer;
  busy: boolean;
}

export interface RingSources {
  /** Where a step leaves its figures: `recordSize` f32. */
  record: DeviceBuffer;
  recordSize: number;
  /** Where its pass times are; null without timestamps. */
  times: DeviceBuffer | null;
  /** Most steps that may be under way at once. */
  capacity: number;
}

const STAGING_COUNT = 3;

/**
 * Brings the figures of steps back to the host without anybody waiting. Each step leaves its record in a ring on the
 * GPU; a submit copies what is new to a free staging buffer, which is mapped when the GPU gets there. When no staging
 * buffer is free the records wait in the ring.
 */
export class LossRing {
  private readonly gpu: Gpu;
  private readonly record: DeviceBuffer;
  private readonly recordSize: number;
  private readonly times: DeviceBuffer | null;
  /** Bytes of one step in the ring: its record, then its pass times. */
  private readonly stepBytes: number;
  private readonly capacity: number;
  private readonly ring: DeviceBuffer;
  private readonly stagings: Staging[];
  private readonly onRecord: RecordListener;
  private written = 0;
  private scheduled = 0;
  private readCount = 0;
  private waiting: (() => void)[] = [];
  private failure: Error | null = null;
  private pendingMap: { staging: Staging; from: number; count: number } | null = null;

  constructor(gpu: Gpu, sources: RingSources, onRecord: RecordListener) {
    const { record, recordSize, times, capacity } = sources;
    this.gpu = gpu;
    this.record = record;
    this.recordSize = recordSize;
    this.times = times;
    this.capacity = capacity;
    this.onRecord = onRecord;
    this.stepBytes = recordSize * 4 + (times?.bytes ?? 0);
    const bytes = capacity * this.stepBytes;
    this.ring = gpu.createStorage('loss ring', bytes);
    this.stagings = Array.from({ length: STAGING_COUNT }, (_, i) => ({
      buffer: gpu.createBuffer(`loss staging ${i}`, bytes, COPY_DST | MAP_READ),
      busy: false,
    }));
  }

  /** Steps whose records have not arrived yet. */
  get underWay(): number {
    return this.written - this.readCount;
  }

  /** Appends the copy of a step's figures into the ring. The caller keeps `underWay` below the capacity. */
  encodeRecord(encoder: GPUCommandEncoder): void {
    const at = (this.written % this.capacity) * this.stepBytes;
    const recordBytes = this.recordSize * 4;
    encoder.copyBufferToBuffer(this.record.raw, 0, this.ring.raw, at, recordBytes);
    if (this.times) encoder.copyBufferToBuffer(this.times.raw, 0, this.ring.raw, at + recordBytes, this.times.bytes);
    this.written++;
  }

  /** Appends the copy of all new records to a free staging buffer, if there is one. `submitted` must follow the submit. */
  encodeReadback(encoder: GPUCommandEncoder): void {
    const staging = this.stagings.find(({ busy }) => !busy);
    const count = this.written - this.scheduled;
    if (!staging || count === 0) return;
    const from = this.scheduled % this.capacity;
    const head = Math.min(count, this.capacity - from);
    const bytes = this.stepBytes;
    encoder.copyBufferToBuffer(this.ring.raw, from * bytes, staging.buffer.raw, 0, head * bytes);
    if (count > head) {
      encoder.copyBufferToBuffer(this.ring.raw, 0, staging.buffer.raw, head * bytes, (count - head) * bytes);
    }
    staging.busy = true;
    this.pendingMap = { staging, from: this.scheduled, count };
    this.scheduled = this.written;
  }

  /** Starts to map what `encodeReadback` has copied. */
  submitted(): void {
    if (!this.pendingMap) return;
    const { staging, from, count } = this.pendingMap;
    this.pendingMap = null;
    this.gpu
      .mapped(staging.buffer, count * this.stepBytes)
      .then(() => this.deliver(staging, from, count))
      .catch((error: unknown) => this.fail(error));
  }

  /** Resolves when at most `steps` steps are under way. Rejects when the device is gone. */
  atMost(steps: number): Promise<void> {
    return this.until(() => this.underWay <= steps);
  }

  /** Resolves when all that is under way by now has arrived, whatever comes after it. Rejects when the device is gone. */
  arrived(): Promise<void> {
    const { written } = this;
    return this.until(() => this.readCount >= written);
  }

  destroy(): void {
    this.ring.destroy();
    for (const { buffer } of this.stagings) buffer.destroy();
    this.fail(new Error('the run was stopped'));
  }

  private async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.failure) throw this.failure;
      if (this.scheduled < this.written && this.stagings.some(({ busy }) => !busy)) this.collect();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.failure) throw this.failure;
  }

  private collect(): void {
    const encoder = this.gpu.device.createCommandEncoder();
    this.encodeReadback(encoder);
    this.gpu.device.queue.submit([encoder.finish()]);
    this.submitted();
  }

  private deliver(staging: Staging, from: number, count: number): void {
    const mapped = staging.buffer.raw.getMappedRange(0, count * this.stepBytes);
    const recordBytes = this.recordSize * 4;
    for (let i = 0; i < count; i++) {
      const at = i * this.stepBytes;
      const record = new Float32Array(mapped, at, this.recordSize);
      this.onRecord(record, new Uint32Array(mapped, at + recordBytes, (this.stepBytes - recordBytes) / 4));
    }
    staging.buffer.raw.unmap();
    staging.busy = false;
    this.readCount = from + count;
    this.wake();
  }

  private fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
    this.wake();
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
