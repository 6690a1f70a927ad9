import { COPY_DST, MAP_READ, type Gpu } from '../../gpu/device.ts';
import type { DeviceBuffer } from '../../gpu/buffer.ts';
import type { ProgramPart } from '../../gpu/program.ts';
import type { Activations, ForwardOptions, HierarchicalTransformer } from '../../model/hierarchical-transformer.ts';
import { compile, materialise, release, type CompiledGraph } from '../../tensor/compile.ts';
import { Graph } from '../../tensor/graph.ts';
import { bytesOf, channelsOf, declareSlab, slabTensor, type Slab, type Tensor } from '../../tensor/tensor.ts';
import { tuningFor, type Tuning } from '../../tensor/tuning.ts';
import { cutReplay } from './cut-replay.ts';
import { submitsOf } from './pace.ts';

export interface InferenceOptions extends ForwardOptions {
  /** Also keeps the embeddings before the first and after the last layer readable. */
  keepEmbeds?: boolean;
  tuning?: Tuning;
}

/** The forward pass alone, for batches of one shape, with the model's current parameters. */
export class InferenceProgram {
  readonly activations: Activations;
  private readonly gpu: Gpu;
  private readonly compiled: CompiledGraph;
  /** The passes of each submit. */
  private readonly pieces: readonly ProgramPart[][];
  private readonly ids: Slab;
  private readonly batchSize: number;
  private readonly staging: DeviceBuffer;
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(
    gpu: Gpu,
    compiled: CompiledGraph,
    pieces: readonly ProgramPart[][],
    activations: Activations,
    ids: Slab,
    batchSize: number,
  ) {
    this.gpu = gpu;
    this.compiled = compiled;
    this.pieces = pieces;
    this.activations = activations;
    this.ids = ids;
    this.batchSize = batchSize;
    const classes = activations.logits.shape[2];
    this.staging = gpu.createBuffer('logits staging', batchSize * classes * 4, COPY_DST | MAP_READ);
  }

  /** Compiles a forward pass; what `options` ask for stays readable until the end. Throws OutOfMemoryError. */
  static async create(
    gpu: Gpu,
    model: HierarchicalTransformer,
    batchSize: number,
    length: number,
    options: InferenceOptions = {},
  ): Promise<InferenceProgram> {
    const graph = new Graph({ training: false, tuning: options.tuning ?? tuningFor(gpu.info) });
    const ids = declareSlab('inference ids', bytesOf([batchSize, length]));
    const activations = model.forward(
      graph.bind(slabTensor('ids', [batchSize, length], ids, 0, { dtype: 'u32' })),
      length,
      options,
    );
    graph.keep(activations.logits);
    if (options.keepEmbeds)
      for (const tensor of [...activations.tokenEmbeds, ...activations.embeds]) graph.keep(tensor);
    return gpu.guarded('inference', async (own) => {
      own({ destroy: () => release(ids) });
      materialise(gpu, ids);
      model.constants.upload(gpu);
      const compiled = own(await compile(gpu, 'inference', graph));
      const pieces = cutReplay(graph, submitsOf(graph.forwardFlops), null);
      return own(new InferenceProgram(gpu, compiled, pieces, activations, ids, batchSize));
    });
  }

  get dispatchCount(): number {
    return this.compiled.program.dispatchCount;
  }

  /** Queues one forward pass over ids [B, n], and what `last` records behind it. Large models take several submits. */
  run(ids: Uint32Array<ArrayBuffer>, last?: (encoder: GPUCommandEncoder) => void): void {
    this.gpu.write(this.ids.buffer!, 0, ids);
    for (const piece of this.pieces) {
      const encoder = this.gpu.device.createCommandEncoder();
      for (const part of piece) this.compiled.program.encode(encoder, part);
      if (piece === this.pieces.at(-1)) last?.(encoder);
      this.gpu.device.queue.submit([encoder.finish()]);
    }
  }

  /** A whole result of the last run; waits for it. */
  async read(tensor: Tensor): Promise<Float32Array> {
    const { buffer, offset, bytes } = this.compiled.locate(tensor);
    return new Float32Array(await this.gpu.read(buffer, offset, bytes));
  }

  /** Row `row` of a result [rows, channels] of the last run; waits for it. */
  async readRow(tensor: Tensor, row: number): Promise<Float32Array> {
    const { buffer, offset } = this.compiled.locate(tensor);
    const bytes = 4 * channelsOf(tensor.shape);
    return new Float32Array(await this.gpu.read(buffer, offset + row * bytes, bytes));
  }

  /** Runs over ids [B, n] and reads the logits [B][V] at one position. Calls are served one after the other. */
  nextLogits(ids: Uint32Array<ArrayBuffer>, position: number): Promise<Float32Array[]> {
    const turn = this.tail.then(() => {
      this.queueLogits(ids, position);
      return this.takeLogits();
    });
    this.tail = turn.catch(() => {});
    return turn;
  }

  /** Queues a forward pass over ids [B, n]; `takeLogits` must follow before the next one. */
  queueLogits(ids: Uint32Array<ArrayBuffer>, position: number): void {
    const [, length, classes] = this.activations.logits.shape;
    const { buffer, offset } = this.compiled.locate(this.activations.logits);
    const rowBytes = classes * 4;
    this.run(ids, (encoder) => {
      for (let b = 0; b < this.batchSize; b++) {
        const source = offset + (b * length + position) * rowBytes;
        encoder.copyBufferToBuffer(buffer.raw, source, this.staging.raw, b * rowBytes, rowBytes);
      }
    });
  }

  /** The logits [B][V] that `queueLogits` has asked for. */
  async takeLogits(): Promise<Float32Array[]> {
    const [, , classes] = this.activations.logits.shape;
    await this.gpu.mapped(this.staging);
    const all = new Float32Array(this.staging.raw.getMappedRange().slice(0));
    this.staging.raw.unmap();
    return Array.from({ length: this.batchSize }, (_, b) => all.subarray(b * classes, (b + 1) * classes));
  }

  destroy(): void {
    this.compiled.destroy();
    this.staging.destroy();
    release(this.ids);
  }
}
