import type { Gpu } from '../../gpu/device.ts';
import { passMilliseconds, PassTimer } from '../../gpu/pass-timer.ts';
import type { ProgramPart } from '../../gpu/program.ts';
import type { HyperValues } from '../../optim/hyper.ts';
import type { CompiledGraph } from '../../tensor/compile.ts';
import type { Graph } from '../../tensor/graph.ts';
import type { ParameterStore } from '../../tensor/parameter-store.ts';
import { sizeOf, slabOf } from '../../tensor/tensor.ts';
import { ReplayPieces } from './cut-replay.ts';
import { InputRing, type BatchSource } from './input-ring.ts';
import { LossRing, type RecordListener } from './loss-ring.ts';
import { MAX_STEPS_PER_SUBMIT } from './pace.ts';
import type { StepMemory } from './step-memory.ts';
import { idsBytes } from './training-trace.ts';

/** What a step is replayed from. */
interface CompiledStep {
  memory: StepMemory;
  /** Whose gradients it clears. */
  store: ParameterStore;
  /** Forward and backward of a micro-batch, and the trace by whose work they are cut where they take long. */
  accumulate: CompiledGraph;
  trace: Graph;
  update: CompiledGraph;
  /** Micro-batches of a step. */
  accumulation: number;
  onRecord: RecordListener;
}

const RING_CAPACITY = 8 * MAX_STEPS_PER_SUBMIT;
/** All of a program in one pass. */
export const WHOLE: readonly ProgramPart[][] = [[{}]];

/** The hot path: queues steps on the device. It creates nothing there once it is made, and waits for nothing. */
export class StepReplay {
  /** Steps that were submitted. */
  step = 0;
  /** Calls of `submit`, and of what else changes parameters: unlike `step`, which a divergence sets back, never the same number again. */
  submits = 0;
  /** The passes of each submit that a micro-batch is spread over. */
  pieces: readonly ProgramPart[][];
  readonly ring: LossRing;
  private readonly gpu: Gpu;
  private readonly parts: CompiledStep;
  private readonly inputs: InputRing;
  private readonly timer: PassTimer | null;
  private readonly cuts: ReplayPieces;
  private readonly updatePart: ProgramPart;

  constructor(gpu: Gpu, parts: CompiledStep) {
    const { memory, accumulation, trace, onRecord } = parts;
    this.gpu = gpu;
    this.parts = parts;
    // Steps may share a submit. Micro-batches of an accumulated step are submitted one by one.
    this.inputs = new InputRing(gpu, idsBytes(memory), accumulation > 1 ? 1 : MAX_STEPS_PER_SUBMIT, accumulation);
    this.timer = PassTimer.create(gpu, 3);
    this.updatePart = { timestampWrites: this.timer?.pass(2) };
    this.cuts = new ReplayPieces(trace, this.timer);
    this.pieces = this.cuts.of(1);
    const record = slabOf(memory.record).buffer!;
    const recordSize = sizeOf(memory.record.shape);
    const times = this.timer?.times ?? null;
    this.ring = new LossRing(gpu, { record, recordSize, times, capacity: RING_CAPACITY }, onRecord);
  }

  /** Spreads forward and backward of every micro-batch from now on over up to so many submits, so that none is long. */
  spread(submits: number): void {
    this.pieces = this.cuts.of(submits);
  }

  /**
   * Queues `count` optimizer steps in one submit (or one per micro-batch when gradients are accumulated, or several when
   * even those are long) and returns at once.
   */
  submit(count: number, batches: BatchSource, hyper: (step: number) => HyperValues): void {
    const { device } = this.gpu;
    const { accumulation, update } = this.parts;
    this.submits++;
    const first = this.step;
    const total = count * accumulation;
    const apart = accumulation > 1 || this.pieces.length > 1;
    let encoder = device.createCommandEncoder();
    for (let i = 0; i < count; i++) {
      // The times of the first step stand for all; the others need no passes that can be told apart.
      const isTimed = i === 0 && this.timer !== null;
      for (let micro = 0; micro < accumulation; micro++) {
        const index = i * accumulation + micro;
        const slot = index % this.inputs.slots;
        if (slot === 0) this.send(index, total, first, batches, hyper);
        if (micro === 0) this.encodeBegin(encoder, slot);
        this.inputs.encodeIds(encoder, slot, this.raw('ids'));
        for (const piece of isTimed || apart ? this.pieces : WHOLE) {
          this.encode(encoder, piece);
          if (!apart) continue;
          device.queue.submit([encoder.finish()]);
          encoder = device.createCommandEncoder();
        }
      }
      update.program.encode(encoder, isTimed ? this.updatePart : undefined);
      // Once, since Chrome makes two buffers and a dispatch for it.
      if (isTimed) this.timer?.encodeResolve(encoder);
      this.ring.encodeRecord(encoder);
      this.step++;
    }
    this.finish(encoder);
  }

  /** Queues forward and backward of one micro-batch without an update: what parity checks read gradients from. */
  accumulateOnly(batches: BatchSource, hyper: HyperValues): void {
    this.send(0, 1, this.step, batches, () => hyper);
    const encoder = this.gpu.device.createCommandEncoder();
    this.encodeBegin(encoder, 0);
    this.inputs.encodeIds(encoder, 0, this.raw('ids'));
    for (const piece of this.pieces) this.encode(encoder, piece);
    // No times: there is none of an update, and wgpu waits for ever for a query that nobody has written.
    this.ring.encodeRecord(encoder);
    this.finish(encoder);
  }

  /** Counts on from a step whose parameters the device has now; who remembers what others gave must not use that any more. */
  goOnFrom(step: number): void {
    this.step = step;
    this.submits++;
  }

  /** GPU milliseconds of a step, of its submit's first one that is, from the words that came with its record; null without timestamps. */
  stepTimes(words: Uint32Array): { forward: number; backward: number; update: number } | null {
    if (!this.timer) return null;
    const { accumulation } = this.parts;
    return {
      // Of several micro-batches the last one was timed.
      forward: accumulation * passMilliseconds(words, 0),
      backward: accumulation * passMilliseconds(words, 1),
      update: passMilliseconds(words, 2),
    };
  }

  destroy(): void {
    this.ring.destroy();
    this.inputs.destroy();
    this.timer?.destroy();
  }

  /** Sends the inputs of a micro-batch, of `total` from step `first` on, and of as many behind it as there are slots. */
  private send(
    index: number,
    total: number,
    first: number,
    batches: BatchSource,
    hyper: (step: number) => HyperValues,
  ): void {
    const { accumulation } = this.parts;
    const count = Math.min(this.inputs.slots, total - index);
    for (let slot = 0; slot < count; slot++) {
      const step = first + Math.floor((index + slot) / accumulation);
      this.inputs.fill(slot, batches, hyper(step), step, (index + slot) % accumulation);
    }
    this.inputs.upload(count);
  }

  private encodeBegin(encoder: GPUCommandEncoder, slot: number): void {
    this.inputs.encodeHyper(encoder, slot, this.raw('hyper'));
    encoder.clearBuffer(this.raw('record'));
    for (const { gradients } of this.parts.store.segments) encoder.clearBuffer(gradients.buffer!.raw);
  }

  private encode(encoder: GPUCommandEncoder, piece: readonly ProgramPart[]): void {
    for (const part of piece) this.parts.accumulate.program.encode(encoder, part);
  }

  private finish(encoder: GPUCommandEncoder): void {
    this.ring.encodeReadback(encoder);
    this.gpu.device.queue.submit([encoder.finish()]);
    this.ring.submitted();
  }

  private raw(name: 'ids' | 'hyper' | 'record'): GPUBuffer {
    return slabOf(this.parts.memory[name]).buffer!.raw;
  }
}
