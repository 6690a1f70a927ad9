import { RESTORE_POINTS, restorePointBytes } from '../../config/costs.ts';
import type { DeviceBuffer } from '../../gpu/buffer.ts';
import { COPY_DST, COPY_SRC, type Gpu } from '../../gpu/device.ts';
import type { ParameterStore } from '../../tensor/parameter-store.ts';
import type { Slab } from '../../tensor/tensor.ts';

interface Point {
  buffer: DeviceBuffer;
  /** Updates that were made when it was taken; null before. */
  step: number | null;
}

const INTERVAL = 20;
/** Submits that may be queued, at most, before anybody knows that a step failed. */
const SUBMITS_AHEAD = 4;

/**
 * Copies of weights, moments and Adam's counters on the device, taken now and then, so that a run that diverged can go
 * back to where it was sound. A copy is queued behind the steps that it holds; nobody waits for it.
 */
export class RestorePoints {
  private readonly gpu: Gpu;
  private readonly slabs: readonly Slab[];
  private readonly points: Point[];

  /**
   * Keeps nothing for models that are too large to be kept several times. Throws OutOfMemoryError through `Gpu.guarded`.
   * @param state the optimizer's counters
   */
  constructor(gpu: Gpu, { segments }: ParameterStore, state: Slab) {
    const parameterBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    const kept = restorePointBytes(parameterBytes) > 0;
    this.gpu = gpu;
    this.slabs = [...segments.flatMap((s) => [s.weights, s.firstMoments, s.secondMoments]), state];
    const bytes = this.slabs.reduce((sum, slab) => sum + slab.bytes, 0);
    this.points = Array.from({ length: kept ? RESTORE_POINTS : 0 }, (_, i) => ({
      buffer: gpu.createBuffer(`restore point ${i}`, bytes, COPY_SRC | COPY_DST),
      step: null,
    }));
  }

  /**
   * Queues a copy of what `step` updates have made, if it is time for one, of a run that is known to be sound up to step
   * `sound`. It takes the place of the oldest only once the newest is known to be sound: there is always one that is.
   */
  take(step: number, stepsPerSubmit: number, sound: number): void {
    const interval = Math.max(INTERVAL, SUBMITS_AHEAD * stepsPerSubmit);
    const newest = Math.max(...this.points.map((point) => point.step ?? -interval));
    if (step - newest >= interval && newest <= sound) this.takeNow(step, sound);
  }

  /** Queues a copy at once, in place of any but the newest sound one: what comes next may ruin the run. */
  takeNow(step: number, sound: number): void {
    const kept = this.upTo(sound);
    const others = this.points.filter((point) => point.step === null || point.step !== kept);
    if (others.length === 0) return;
    const oldest = others.reduce((a, b) => ((b.step ?? -1) < (a.step ?? -1) ? b : a));
    oldest.step = step;
    this.copy((encoder, slab, at) =>
      encoder.copyBufferToBuffer(slab.buffer!.raw, 0, oldest.buffer.raw, at, slab.bytes),
    );
  }

  /** Number of updates of the newest point of a run that is sound up to step `sound`; null without one. */
  upTo(sound: number): number | null {
    const steps = this.points.flatMap(({ step }) => (step !== null && step <= sound ? [step] : []));
    return steps.length > 0 ? Math.max(...steps) : null;
  }

  /** Forgets points of steps that will be made again, or that were never made: updates had stopped before. */
  forgetAfter(step: number): void {
    for (const kept of this.points) if (kept.step !== null && kept.step > step) kept.step = null;
  }

  /** Queues the way back to a point that was named; later ones are forgotten. */
  restore(step: number): void {
    const point = this.points.find((kept) => kept.step === step);
    if (!point) throw new Error(`restore: given step ${step}, needs one that was kept`);
    this.forgetAfter(step);
    this.copy((encoder, slab, at) => encoder.copyBufferToBuffer(point.buffer.raw, at, slab.buffer!.raw, 0, slab.bytes));
  }

  destroy(): void {
    for (const { buffer } of this.points) buffer.destroy();
  }

  private copy(one: (encoder: GPUCommandEncoder, slab: Slab, at: number) => void): void {
    const encoder = this.gpu.device.createCommandEncoder();
    let at = 0;
    for (const slab of this.slabs) {
      one(encoder, slab, at);
      at += slab.bytes;
    }
    this.gpu.device.queue.submit([encoder.finish()]);
  }
}
