import type { DeviceBuffer } from '../../gpu/buffer.ts';
import { COPY_DST, MAP_READ, type Gpu } from '../../gpu/device.ts';
import type { HierarchicalTransformer } from '../../model/hierarchical-transformer.ts';
import { compile, release, type CompiledGraph } from '../../tensor/compile.ts';
import { Graph } from '../../tensor/graph.ts';
import { bytesOf, declareSlab, slabTensor, type Slab, type Tensor } from '../../tensor/tensor.ts';
import { TextMemory } from '../../tensor/text-memory.ts';
import { tuningFor, type Tuning } from '../../tensor/tuning.ts';
import { InferenceProgram } from '../passes/inference.ts';

/**
 * A pass over a whole context takes at least as long as so many positions one by one: a GPU is hardly busy with a single
 * one, a CPU has more to compute for every position there is, if in larger tiles.
 */
const GPU_POSITIONS = 8;
const SOFTWARE_SHARE = 1 / 5;

/** Many positions are read in several submits, so that none becomes long. */
const POSITIONS_PER_SUBMIT = 16;

export interface DecoderOptions {
  tuning?: Tuning;
  /** Leaves this hierarchy out of every merge, as `HierarchicalTransformer.forward` does. */
  muted?: number;
  /** Up to so many positions are read one by one, more of them in a pass over the whole context. */
  positionsPerPass?: number;
}

/** A forward pass of one position, for those where `stride` is the largest that divides it. */
interface PositionProgram {
  stride: number;
  logits: Tensor;
  compiled: CompiledGraph;
}

interface Slabs {
  ids: Slab;
  position: Slab;
  memory: TextMemory;
}

/**
 * What follows a text of up to a context, again and again as it grows: what its next position needs of earlier ones is
 * remembered, so that one byte more costs one position. Exact: a text that goes on otherwise than the one before, that has
 * shifted because the context is full, or whose model has changed is read anew, in one pass that remembers, too.
 */
export class Decoder {
  private readonly gpu: Gpu;
  private readonly parametersVersion: () => number;
  private readonly whole: InferenceProgram;
  private readonly programs: readonly PositionProgram[];
  private readonly slabs: Slabs;
  private readonly positionsPerPass: number;
  /** 0, 1, 2 ...: where a position is copied from, so that many can be queued in one submit. */
  private readonly counters: DeviceBuffer;
  private readonly staging: DeviceBuffer;
  /** What has been read so far, and with which parameters. */
  private readonly text: Uint32Array<ArrayBuffer>;
  private length = 0;
  private version = NaN;
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(
    gpu: Gpu,
    contextLength: number,
    parametersVersion: () => number,
    positionsPerPass: number,
    parts: { whole: InferenceProgram; programs: readonly PositionProgram[]; slabs: Slabs },
  ) {
    this.gpu = gpu;
    this.parametersVersion = parametersVersion;
    this.positionsPerPass = positionsPerPass;
    this.whole = parts.whole;
    this.programs = parts.programs;
    this.slabs = parts.slabs;
    this.text = new Uint32Array(contextLength);
    this.counters = gpu.createStorage('positions', contextLength * 4);
    gpu.write(
      this.counters,
      0,
      Uint32Array.from({ length: contextLength }, (_, i) => i),
    );
    const { bytes } = parts.programs[0].compiled.locate(parts.programs[0].logits);
    this.staging = gpu.createBuffer('next logits staging', bytes, COPY_DST | MAP_READ);
  }

  /**
   * Compiles a pass over a context and one position's for each distinct stride. `parametersVersion` is another number
   * whenever what was submitted before may have changed the parameters. Throws OutOfMemoryError.
   */
  static async create(
    gpu: Gpu,
    model: HierarchicalTransformer,
    parametersVersion: () => number,
    options: DecoderOptions = {},
  ): Promise<Decoder> {
    const { contextLength, hierarchies } = model.config;
    const { muted, tuning = tuningFor(gpu.info) } = options;
    const { positionsPerPass = gpu.info.software ? SOFTWARE_SHARE * contextLength : GPU_POSITIONS } = options;
    const slabs = {
      ids: declareSlab('text ids', bytesOf([contextLength])),
      position: declareSlab('text position', bytesOf([1])),
      memory: new TextMemory(),
    };
    const place = {
      memory: slabs.memory,
      position: slabTensor('position', [1], slabs.position, 0, { dtype: 'u32' }),
    };
    const strides = [...new Set(hierarchies.map((h) => h.stride))].sort((a, b) => b - a);
    const traces = strides.map((stride) => {
      const graph = new Graph({ training: false, tuning });
      const ids = graph.bind(slabTensor('ids', [1, contextLength], slabs.ids, 0, { dtype: 'u32' }));
      const logits = graph.keep(model.forwardNext(ids, place, stride, { muted }));
      graph.share();
      return { stride, graph, logits };
    });
    return gpu.guarded('text', async (own) => {
      const programs: PositionProgram[] = [];
      own({ destroy: () => destroyParts(programs, slabs) });
      const whole = own(
        await InferenceProgram.create(gpu, model, 1, contextLength, { remember: place, muted, tuning }),
      );
      for (const { stride, graph, logits } of traces)
        programs.push({ stride, logits, compiled: await compile(gpu, `position, stride ${stride}`, graph) });
      const parts = { whole, programs, slabs };
      return own(new Decoder(gpu, contextLength, parametersVersion, positionsPerPass, parts));
    });
  }

  /** Logits [V] that follow the first `length` of ids [contextLength]. Calls are served one after the other. */
  nextLogits(ids: Uint32Array<ArrayBuffer>, length: number): Promise<Float32Array> {
    const turn = this.tail.then(() => this.read(ids, length));
    this.tail = turn.catch(() => {});
    return turn;
  }

  /** Has the next text read from its beginning. */
  forget(): void {
    this.length = 0;
  }

  /** Dispatches of a position, by the largest stride that divides it. */
  get dispatchCounts(): Map<number, number> {
    return new Map(this.programs.map(({ stride, compiled }) => [stride, compiled.program.dispatchCount]));
  }

  destroy(): void {
    this.whole.destroy();
    destroyParts(this.programs, this.slabs);
    this.counters.destroy();
    this.staging.destroy();
  }

  /** How much of a text is remembered: all that was read if the text goes on from there, else nothing. */
  private known(ids: Uint32Array, length: number): number {
    if (this.version !== this.parametersVersion() || length <= this.length) return 0;
    for (let i = 0; i < this.length; i++) if (ids[i] !== this.text[i]) return 0;
    return this.length;
  }

  private async read(ids: Uint32Array<ArrayBuffer>, length: number): Promise<Float32Array> {
    const from = this.known(ids, length);
    // Nothing may come between this and the submit: parameters are of this version then.
    this.version = this.parametersVersion();
    this.text.set(ids.subarray(0, length));
    this.length = length;
    if (length - from > this.positionsPerPass) {
      this.gpu.write(this.slabs.position.buffer!, 0, Uint32Array.of(length - 1));
      this.whole.queueLogits(ids, length - 1);
      return (await this.whole.takeLogits())[0];
    }
    this.queuePositions(from, length);
    await this.gpu.mapped(this.staging);
    const logits = new Float32Array(this.staging.raw.getMappedRange().slice(0));
    this.staging.raw.unmap();
    return logits;
  }

  /** Queues positions [from, length) and a copy of the last one's logits; creates nothing on the device. */
  private queuePositions(from: number, length: number): void {
    const { device } = this.gpu;
    this.gpu.write(this.slabs.ids.buffer!, 0, this.text.subarray(0, length));
    for (let first = from; first < length; first += POSITIONS_PER_SUBMIT) {
      const end = Math.min(length, first + POSITIONS_PER_SUBMIT);
      const encoder = device.createCommandEncoder();
      for (let p = first; p < end; p++) {
        encoder.copyBufferToBuffer(this.counters.raw, p * 4, this.slabs.position.buffer!.raw, 0, 4);
        this.programAt(p).compiled.program.encode(encoder);
      }
      if (end === length) this.copyLogits(encoder, this.programAt(length - 1));
      device.queue.submit([encoder.finish()]);
    }
  }

  private programAt(position: number): PositionProgram {
    return this.programs.find(({ stride }) => position % stride === 0)!;
  }

  private copyLogits(encoder: GPUCommandEncoder, { compiled, logits }: PositionProgram): void {
    const { buffer, offset, bytes } = compiled.locate(logits);
    encoder.copyBufferToBuffer(buffer.raw, offset, this.staging.raw, 0, bytes);
  }
}

function destroyParts(programs: readonly PositionProgram[], { ids, position, memory }: Slabs): void {
  for (const { compiled } of programs) compiled.destroy();
  for (const slab of [ids, position, ...memory.slabs]) release(slab);
}
