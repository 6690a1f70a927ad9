import { VALIDATION_SEQUENCES } from '../../config/validation.ts';
import type { DeviceBuffer } from '../../gpu/buffer.ts';
import { COPY_DST, MAP_READ, type Gpu } from '../../gpu/device.ts';
import type { HierarchicalTransformer } from '../../model/hierarchical-transformer.ts';
import { recordEmbeddingSpread } from '../../model/embedding-spread.ts';
import { recordLayout, recordNextByteLoss } from '../../model/losses.ts';
import { HYPER } from '../../optim/hyper.ts';
import { compile, materialise, release, type CompiledGraph } from '../../tensor/compile.ts';
import { Graph } from '../../tensor/graph.ts';
import { tuningFor, type Tuning } from '../../tensor/tuning.ts';
import { bytesOf, declareSlab, slabOf, slabTensor, type Tensor } from '../../tensor/tensor.ts';
import { ReplayPieces } from './cut-replay.ts';
import { declareStepMemory, type StepMemory } from './step-memory.ts';

/** Batches that are queued at once: who pauses a run waits for so many. */
const BATCHES_AT_ONCE = 8;

export interface Validation {
  bitsPerByte: number;
  /** Per hierarchy, mean of 1 - cosine between far-apart tokens; null at 1x and where a sequence is one token. */
  spread: (number | null)[];
}

/** A validation whose batches were not all queued yet. */
interface Unfinished {
  /** Number of the batch that comes next. */
  next: number;
  /** The loss record, added up over those that were queued together. */
  sums: Float64Array;
  onResult: (validation: Validation) => void;
}

/**
 * Measures loss and embeddings on the same validation batches every time, so that its points can be compared; and the losses
 * of other sequences, by the same program.
 */
export class Validator {
  private readonly gpu: Gpu;
  private readonly replay: ReplayPieces;
  private readonly compiled: CompiledGraph;
  private readonly memory: StepMemory;
  /** Of each target of the last batch, [B, n]. */
  private readonly rowLosses: Tensor;
  /** Where the spread of each hierarchy is in the record. */
  private readonly spreadIndices: (number | null)[];
  /** All batches, one after the other: they are always the same, and no validation writes to the device. */
  private readonly batches: DeviceBuffer;
  private readonly staging: DeviceBuffer;
  private readonly lossStaging: DeviceBuffer;
  private pending: Promise<void> = Promise.resolve();
  private unfinished: Unfinished | null = null;

  private constructor(
    gpu: Gpu,
    graph: Graph,
    compiled: CompiledGraph,
    memory: StepMemory,
    rowLosses: Tensor,
    spreadIndices: (number | null)[],
    batches: DeviceBuffer,
  ) {
    this.gpu = gpu;
    this.replay = new ReplayPieces(graph, null);
    this.compiled = compiled;
    this.memory = memory;
    this.rowLosses = rowLosses;
    this.spreadIndices = spreadIndices;
    this.batches = batches;
    this.staging = gpu.createBuffer('validation staging', slabOf(memory.record).bytes, COPY_DST | MAP_READ);
    this.lossStaging = gpu.createBuffer('row loss staging', slabOf(rowLosses).bytes, COPY_DST | MAP_READ);
  }

  /**
   * @param room sequences that there is memory for at a time: a batch has as many, or somewhat fewer
   * @param fill writes validation batch number `index`, [B, n + 1], for the B that it is given
   */
  static async create(
    gpu: Gpu,
    model: HierarchicalTransformer,
    room: number,
    fill: (ids: Uint32Array, index: number, batchSize: number) => void,
    tuning: Tuning = tuningFor(gpu.info),
  ): Promise<Validator> {
    const length = model.config.contextLength;
    // A power of two, so that whole batches are exactly as many sequences as all runs read.
    const batchSize = 2 ** Math.floor(Math.log2(Math.min(room, VALIDATION_SEQUENCES)));
    const count = VALIDATION_SEQUENCES / batchSize;
    const idsLength = batchSize * (length + 1);
    const ids = new Uint32Array(count * idsLength);
    for (let index = 0; index < count; index++) {
      fill(ids.subarray(index * idsLength, (index + 1) * idsLength), index, batchSize);
    }
    const memory = declareStepMemory('validation', batchSize, length, recordLayout(model.config).size);
    const losses = declareSlab('validation row losses', bytesOf([batchSize, length]));
    memory.slabs.push(losses);
    const rowLosses = slabTensor('row losses', [batchSize, length], losses, 0);
    const graph = new Graph({ training: false, tuning });
    const { logits, embeds } = model.forward(graph.bind(memory.ids), length);
    const context = {
      ids: memory.ids,
      length,
      hyper: memory.hyper,
      weightIndices: { ce: HYPER.ceWeight, recon: HYPER.reconWeight, ar: HYPER.arWeight },
      record: memory.record,
      recordScale: 1 / count,
    };
    recordNextByteLoss(model, logits, context, rowLosses);
    const spreadIndices = recordEmbeddingSpread(model, embeds, context);
    graph.share();
    return gpu.guarded('validation', async (own) => {
      own({ destroy: () => memory.slabs.forEach(release) });
      for (const slab of memory.slabs) materialise(gpu, slab);
      const batches = own(gpu.createStorage('validation batches', ids.byteLength));
      gpu.write(batches, 0, ids);
      const compiled = own(await compile(gpu, 'validation', graph));
      return own(new Validator(gpu, graph, compiled, memory, rowLosses, spreadIndices, batches));
    });
  }

  /** Sequences of a batch. */
  get batchSize(): number {
    return this.rowLosses.shape[0];
  }

  /** Settles when no batch of a validation is under way. */
  idle(): Promise<void> {
    return this.pending;
  }

  /**
   * Queues a validation behind what was submitted and hands over its figures when the GPU gets there. There is one at a
   * time: call it when `idle` has settled. One of many small batches has to go on after the first of them.
   * @param submits over how many submits to spread a batch at most, so that none is long
   */
  measure(submits: number, onResult: (validation: Validation) => void): void {
    this.unfinished = { next: 0, sums: new Float64Array(slabOf(this.memory.record).bytes / 4), onResult };
    this.goOn(submits);
  }

  /** Whether a validation has batches left. It is of one set of parameters, so that no step may come before they are queued. */
  get isUnfinished(): boolean {
    return this.unfinished !== null;
  }

  /** Queues the next batches of an unfinished validation. Call it when `idle` has settled. */
  goOn(submits: number): void {
    const { unfinished, staging } = this;
    if (unfinished === null) return;
    const record = slabOf(this.memory.record).buffer!;
    const ids = slabOf(this.memory.ids).buffer!.raw;
    const bytes = bytesOf(this.memory.ids.shape);
    const first = unfinished.next;
    const end = Math.min(first + BATCHES_AT_ONCE, this.batchCount);
    for (let index = first; index < end; index++) {
      const isLast = index === end - 1;
      this.queue(submits, {
        first: (encoder) => {
          // Others may have used the record meanwhile.
          if (index === first) encoder.clearBuffer(record.raw);
          encoder.copyBufferToBuffer(this.batches.raw, index * bytes, ids, 0, bytes);
        },
        last: (encoder) => {
          if (isLast) encoder.copyBufferToBuffer(record.raw, 0, staging.raw, 0, record.bytes);
        },
      });
    }
    unfinished.next = end;
    if (end === this.batchCount) this.unfinished = null;
    this.pending = this.gpu.mapped(staging).then(
      () => {
        new Float32Array(staging.raw.getMappedRange()).forEach((figure, at) => (unfinished.sums[at] += figure));
        staging.raw.unmap();
        if (end === this.batchCount) this.tell(unfinished);
      },
      // The device is gone or the run was stopped: there is no result to hand over.
      () => this.drop(),
    );
  }

  /** Gives an unfinished validation up. */
  drop(): void {
    this.unfinished = null;
  }

  /**
   * Queues a pass over other sequences, [B, n + 1], and reads what each target costs in nats, [B, n]; 0 for those that the model
   * ignores. There is one at a time.
   * @param submits over how many submits to spread it at most
   */
  async losses(ids: Uint32Array<ArrayBuffer>, submits: number): Promise<Float32Array> {
    const { lossStaging } = this;
    const { raw, bytes } = slabOf(this.rowLosses).buffer!;
    this.gpu.write(slabOf(this.memory.ids).buffer!, 0, ids);
    this.queue(submits, { last: (encoder) => encoder.copyBufferToBuffer(raw, 0, lossStaging.raw, 0, bytes) });
    await this.gpu.mapped(lossStaging);
    const losses = new Float32Array(lossStaging.raw.getMappedRange().slice(0));
    lossStaging.raw.unmap();
    return losses;
  }

  destroy(): void {
    this.compiled.destroy();
    this.batches.destroy();
    this.staging.destroy();
    this.lossStaging.destroy();
    this.memory.slabs.forEach(release);
  }

  private tell({ sums, onResult }: Unfinished): void {
    onResult({
      bitsPerByte: sums[0] / Math.LN2,
      spread: this.spreadIndices.map((index) => (index === null ? null : sums[index])),
    });
  }

  private get batchCount(): number {
    return VALIDATION_SEQUENCES / this.batchSize;
  }

  /** Queues a pass over the batch that is there by then, and what `first` and `last` record before and behind it. */
  private queue(
    submits: number,
    { first, last }: { first?: (encoder: GPUCommandEncoder) => void; last: (encoder: GPUCommandEncoder) => void },
  ): void {
    const { device } = this.gpu;
    const pieces = this.replay.of(submits);
    pieces.forEach((piece, at) => {
      const encoder = device.createCommandEncoder();
      if (at === 0) first?.(encoder);
      for (const part of piece) this.compiled.program.encode(encoder, part);
      if (at === pieces.length - 1) last(encoder);
      device.queue.submit([encoder.finish()]);
    });
  }
}
