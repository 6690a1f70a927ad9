import type { DeviceBuffer } from '../../gpu/buffer.ts';
import type { Gpu } from '../../gpu/device.ts';
import { HYPER_LENGTH, writeHyper, type HyperValues } from '../../optim/hyper.ts';

/** Fills the ids of one micro-batch, [B, n + 1]. */
export type BatchSource = (ids: Uint32Array, step: number, microStep: number) => void;

/** For so many micro-batches in a step that there would be more, they are sent in several writes. */
const MOST_BYTES = 2 ** 24;

/**
 * What steps read: for each micro-batch a slot with its ids and the hyper values of its step. All slots go to the device in one
 * write, from where the commands of the steps copy them: on Apple's GPUs a write between two submits can hang the driver. Creates
 * nothing after its construction.
 */
export class InputRing {
  /** Micro-batches that it holds. */
  readonly slots: number;
  private readonly gpu: Gpu;
  private readonly buffer: DeviceBuffer;
  private readonly idsBytes: number;
  private readonly slotBytes: number;
  private readonly ids: Uint32Array[];
  private readonly hyper: Float32Array[];
  /** The first so many slots. */
  private readonly filled: Uint8Array<ArrayBuffer>[];

  /**
   * @param idsBytes bytes of the ids of one micro-batch
   * @param together most micro-batches of one submit, each of which has a slot
   * @param wanted how many more there are worth having one, where they are small
   */
  constructor(gpu: Gpu, idsBytes: number, together: number, wanted: number) {
    this.gpu = gpu;
    this.idsBytes = idsBytes;
    this.slotBytes = idsBytes + HYPER_LENGTH * 4;
    const slots = Math.max(together, Math.min(wanted, Math.floor(MOST_BYTES / this.slotBytes)));
    this.slots = slots;
    const memory = new ArrayBuffer(slots * this.slotBytes);
    const all = Array.from({ length: slots }, (_, slot) => slot);
    this.ids = all.map((slot) => new Uint32Array(memory, slot * this.slotBytes, idsBytes / 4));
    this.hyper = all.map((slot) => new Float32Array(memory, slot * this.slotBytes + idsBytes, HYPER_LENGTH));
    this.filled = all.map((slot) => new Uint8Array(memory, 0, (slot + 1) * this.slotBytes));
    this.buffer = gpu.createStorage('input ring', memory.byteLength);
  }

  /** Puts the input of a micro-batch into a slot, from 0 up; `upload` sends it, to whatever is submitted afterwards. */
  fill(slot: number, batches: BatchSource, hyper: HyperValues, step: number, microStep: number): void {
    batches(this.ids[slot], step, microStep);
    writeHyper(this.hyper[slot], hyper);
  }

  /** Sends the first so many slots, for what is submitted after this. */
  upload(slots: number): void {
    this.gpu.write(this.buffer, 0, this.filled[slots - 1]);
  }

  encodeIds(encoder: GPUCommandEncoder, slot: number, target: GPUBuffer): void {
    encoder.copyBufferToBuffer(this.buffer.raw, slot * this.slotBytes, target, 0, this.idsBytes);
  }

  encodeHyper(encoder: GPUCommandEncoder, slot: number, target: GPUBuffer): void {
    const offset = slot * this.slotBytes + this.idsBytes;
    encoder.copyBufferToBuffer(this.buffer.raw, offset, target, 0, HYPER_LENGTH * 4);
  }

  destroy(): void {
    this.buffer.destroy();
  }
}
