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

export interface Validation {
  bitsPerByte: number;
  /** Per hierarchy, mean of 1 - cosine between far-apart tokens; null at 1x and where a sequence is one token. */
  spread: (number | null)[];
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
  private readonly batches: Uint32Array<ArrayBuffer>[];
  private readonly staging: DeviceBuffer;
  private readonly lossStaging: DeviceBuffer;
  private pending: Promise<void> = Promise.resolve();

  private constructor(
    gpu: Gpu,
    graph: Graph,
    compiled: CompiledGraph,
    memory: StepMemory,
    rowLosses: Tensor,
    spreadIndices: (number | null)[],
    batches: Uint32Array<ArrayBuffer>[],
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
    const batches = Array.from({ length: count }, (_, index) => {
      const ids = new Uint32Array(batchSize * (length + 1));
      fill(ids, index, batchSize);
      return ids;
    });
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
    return gpu.guarded('validation', async (own) => {
      own({ destroy: () => memory.slabs.forEach(release) });
      for (const slab of memory.slabs) materialise(gpu, slab);
      const compiled = own(await compile(gpu, 'validation', graph));
      return own(new Validator(gpu, graph, compiled, memory, rowLosses, spreadIndices, batches));
    });
  }

  /** Sequences of a batch. */
  get batchSize(): number {
    return this.rowLosses.shape[0];
  }

  /** Settles when no validation is under way. */
  idle(): Promise<void> {
    return this.pending;
  }

  /**
   * Queues a validation behind what was submitted and hands over its figures when the GPU gets there. There is one at a
   * time: call it when `idle` has settled.
   * @param submits over how many submits to spread a batch at most, so that none is long
   */
  measure(submits: number, onResult: (validation: Validation) => void): void {
    const record = slabOf(this.memory.record).buffer!;
    this.batches.forEach((ids, index) => {
      const isLast = index === this.batches.length - 1;
      this.queue(ids, submits, {
        first: (encoder) => {
          if (index === 0) encoder.clearBuffer(record.raw);
        },
        last: (encoder) => {
          if (isLast) encoder.copyBufferToBuffer(record.raw, 0, this.staging.raw, 0, record.bytes);
        },
      });
    });
    this.pending = this.gpu.mapped(this.staging).then(
      () => {
        const figures = new Float32Array(this.staging.raw.getMappedRange().slice(0));
        this.staging.raw.unmap();
        onResult({
          bitsPerByte: figures[0] / Math.LN2,
          spread: this.spreadIndices.map((index) => (index === null ? null : figures[index])),
        });
      },
      // The device is gone or the run was stopped: there is no result to hand over.
      () => {},
    );
  }

  /**
   * Queues a pass over other sequences, [B, n + 1], and reads what each target costs in nats, [B, n]; 0 for those that the model
   * ignores. There is one at a time.
   * @param submits over how many submits to spread it at most
   */
  async losses(ids: Uint32Array<ArrayBuffer>, submits: number): Promise<Float32Array> {
    const { lossStaging } = this;
    const { raw, bytes } = slabOf(this.rowLosses).buffer!;
    this.queue(ids, submits, { last: (encoder) => encoder.copyBufferToBuffer(raw, 0, lossStaging.raw, 0, bytes) });
    await this.gpu.mapped(lossStaging);
    const losses = new Float32Array(lossStaging.raw.getMappedRange().slice(0));
    lossStaging.raw.unmap();
    return losses;
  }

  destroy(): void {
    this.compiled.destroy();
    this.staging.destroy();
    this.lossStaging.destroy();
    this.memory.slabs.forEach(release);
  }

  /** Queues a pass over a batch, and what `first` and `last` record before and behind it. */
  private queue(
    ids: Uint32Array<ArrayBuffer>,
    submits: number,
    { first, last }: { first?: (encoder: GPUCommandEncoder) => void; last: (encoder: GPUCommandEncoder) => void },
  ): void {
    const { device } = this.gpu;
    const pieces = this.replay.of(submits);
    this.gpu.write(slabOf(this.memory.ids).buffer!, 0, ids);
    pieces.forEach((piece, at) => {
      const encoder = device.createCommandEncoder();
      if (at === 0) first?.(encoder);
      for (const part of piece) this.compiled.program.encode(encoder, part);
      if (at === pieces.length - 1) last(encoder);
      device.queue.submit([encoder.finish()]);
    });
  }
}
