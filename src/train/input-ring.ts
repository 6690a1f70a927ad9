import type { DeviceBuffer } from '../gpu/buffer.ts';
import type { Gpu } from '../gpu/device.ts';
import { HYPER_LENGTH, writeHyper, type HyperValues } from '../optim/hyper.ts';

/** Fills the ids of one micro-batch, [B, n + 1]. */
export type BatchSource = (ids: Uint32Array, step: number, microStep: number) => void;

interface RingOptions {
  /** Bytes of the ids of one micro-batch. */
  idsBytes: number;
  /** Micro-batches of a step. */
  accumulation: number;
  /** Most steps of one submit. */
  slots: number;
}

/**
 * What the steps of a submit read: for each step a slot with the ids of its micro-batches and its hyper values. All slots of
 * a submit go to the device in one write, from where its commands copy them. Creates nothing after its construction.
 */
export class InputRing {
  private readonly gpu: Gpu;
  private readonly buffer: DeviceBuffer;
  private readonly idsBytes: number;
  private readonly accumulation: number;
  private readonly slotBytes: number;
  /** By slot and micro-batch. */
  private readonly ids: Uint32Array[][];
  private readonly hyper: Float32Array[];
  /** The first so many slots. */
  private readonly filled: Uint8Array<ArrayBuffer>[];

  constructor(gpu: Gpu, { idsBytes, accumulation, slots }: RingOptions) {
    this.gpu = gpu;
    this.idsBytes = idsBytes;
    this.accumulation = accumulation;
    this.slotBytes = accumulation * idsBytes + HYPER_LENGTH * 4;
    const memory = new ArrayBuffer(slots * this.slotBytes);
    const all = Array.from({ length: slots }, (_, slot) => slot);
    this.ids = all.map((slot) =>
      Array.from(
        { length: accumulation },
        (_, micro) => new Uint32Array(memory, this.idsOffset(slot, micro), idsBytes / 4),
      ),
    );
    this.hyper = all.map((slot) => new Float32Array(memory, this.hyperOffset(slot), HYPER_LENGTH));
    this.filled = all.map((slot) => new Uint8Array(memory, 0, (slot + 1) * this.slotBytes));
    this.buffer = gpu.createStorage('input ring', memory.byteLength);
  }

  /** Puts a step's input into a slot, from 0 up; `upload` sends it. */
  fill(slot: number, step: number, batches: BatchSource, hyper: HyperValues): void {
    for (let micro = 0; micro < this.accumulation; micro++) batches(this.ids[slot][micro], step, micro);
    writeHyper(this.hyper[slot], hyper);
  }

  /** Sends the first so many slots, for what is submitted after this. */
  upload(slots: number): void {
    this.gpu.write(this.buffer, 0, this.filled[slots - 1]);
  }

  encodeIds(encoder: GPUCommandEncoder, slot: number, micro: number, target: GPUBuffer): void {
    encoder.copyBufferToBuffer(this.buffer.raw, this.idsOffset(slot, micro), target, 0, this.idsBytes);
  }

  encodeHyper(encoder: GPUCommandEncoder, slot: number, target: GPUBuffer): void {
    encoder.copyBufferToBuffer(this.buffer.raw, this.hyperOffset(slot), target, 0, HYPER_LENGTH * 4);
  }

  destroy(): void {
    this.buffer.destroy();
  }

  private idsOffset(slot: number, micro: number): number {
    return slot * this.slotBytes + micro * this.idsBytes;
  }

  private hyperOffset(slot: number): number {
    return this.idsOffset(slot, this.accumulation);
  }
}
