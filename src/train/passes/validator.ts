import type { DeviceBuffer } from '../../gpu/buffer.ts';
import { COPY_DST, MAP_READ, type Gpu } from '../../gpu/device.ts';
import type { HierarchicalTransformer } from '../../model/hierarchical-transformer.ts';
import { recordEmbeddingSpread } from '../../model/embedding-spread.ts';
import { recordLayout, recordNextByteLoss } from '../../model/losses.ts';
import { HYPER } from '../../optim/hyper.ts';
import { compile, materialise, release, type CompiledGraph } from '../../tensor/compile.ts';
import { Graph } from '../../tensor/graph.ts';
import { tuningFor, type Tuning } from '../../tensor/tuning.ts';
import { slabOf } from '../../tensor/tensor.ts';
import { ReplayPieces } from './cut-replay.ts';
import { declareStepMemory, type StepMemory } from './step-memory.ts';

/** What a validation reads, for every run of a text and a context, so that runs can be compared. */
const SEQUENCES = 32;

/** How many steps of so many sequences a validation takes as long as: going back is twice the work of going forward. */
export function validationCost(sequencesPerStep: number): number {
  return SEQUENCES / 3 / sequencesPerStep;
}

export interface Validation {
  bitsPerByte: number;
  /** Per hierarchy, mean of 1 - cosine between far-apart tokens; null at 1x and where a sequence is one token. */
  spread: (number | null)[];
}

/** Measures loss and embeddings on the same validation batches every time, so that its points can be compared. */
export class Validator {
  private readonly gpu: Gpu;
  private readonly replay: ReplayPieces;
  private readonly compiled: CompiledGraph;
  private readonly memory: StepMemory;
  /** Where the spread of each hierarchy is in the record. */
  private readonly spreadIndices: (number | null)[];
  private readonly batches: Uint32Array<ArrayBuffer>[];
  private readonly staging: DeviceBuffer;
  private pending: Promise<void> = Promise.resolve();

  private constructor(
    gpu: Gpu,
    graph: Graph,
    compiled: CompiledGraph,
    memory: StepMemory,
    spreadIndices: (number | null)[],
    batches: Uint32Array<ArrayBuffer>[],
  ) {
    this.gpu = gpu;
    this.replay = new ReplayPieces(graph, null);
    this.compiled = compiled;
    this.memory = memory;
    this.spreadIndices = spreadIndices;
    this.batches = batches;
    this.staging = gpu.createBuffer('validation staging', slabOf(memory.record).bytes, COPY_DST | MAP_READ);
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
    const batchSize = 2 ** Math.floor(Math.log2(Math.min(room, SEQUENCES)));
    const count = SEQUENCES / batchSize;
    const batches = Array.from({ length: count }, (_, index) => {
      const ids = new Uint32Array(batchSize * (length + 1));
      fill(ids, index, batchSize);
      return ids;
    });
    const memory = declareStepMemory('validation', batchSize, length, recordLayout(model.config).size);
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
    recordNextByteLoss(model, logits, context);
    const spreadIndices = recordEmbeddingSpread(model, embeds, context);
    return gpu.guarded('validation', async (own) => {
      own({ destroy: () => memory.slabs.forEach(release) });
      for (const slab of memory.slabs) materialise(gpu, slab);
      const compiled = own(await compile(gpu, 'validation', graph));
      return own(new Validator(gpu, graph, compiled, memory, spreadIndices, batches));
    });
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
    const { device } = this.gpu;
    const record = slabOf(this.memory.record).buffer!;
    const pieces = this.replay.of(submits);
    this.batches.forEach((ids, index) => {
      this.gpu.write(slabOf(this.memory.ids).buffer!, 0, ids);
      pieces.forEach((piece, at) => {
        const encoder = device.createCommandEncoder();
        if (index === 0 && at === 0) encoder.clearBuffer(record.raw);
        for (const part of piece) this.compiled.program.encode(encoder, part);
        if (index === this.batches.length - 1 && at === pieces.length - 1)
          encoder.copyBufferToBuffer(record.raw, 0, this.staging.raw, 0, record.bytes);
        device.queue.submit([encoder.finish()]);
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

  destroy(): void {
    this.compiled.destroy();
    this.staging.destroy();
    this.memory.slabs.forEach(release);
  }
}
