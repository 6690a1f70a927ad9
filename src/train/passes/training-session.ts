import type { ModelConfig } from '../../config/types.ts';
import type { Gpu } from '../../gpu/device.ts';
import { slowestFirst, type KernelTime } from '../../gpu/kernel-sums.ts';
import { passMilliseconds, PassTimer } from '../../gpu/pass-timer.ts';
import { profile } from '../../gpu/profiler.ts';
import type { ProgramPart } from '../../gpu/program.ts';
import { HierarchicalTransformer } from '../../model/hierarchical-transformer.ts';
import { recordLayout, type RecordLayout } from '../../model/losses.ts';
import type { HyperValues } from '../../optim/hyper.ts';
import { FIRST_LOSS_SCALE } from '../../optim/loss-scale.ts';
import { OPTIMIZER_STATE, OPTIMIZER_STATE_LENGTH } from '../../optim/state.ts';
import { compile, materialise, release, type CompiledGraph } from '../../tensor/compile.ts';
import { ParameterStore, slabsOf } from '../../tensor/parameter-store.ts';
import { downloadState, uploadState, writeParameter, type StateDict } from '../../tensor/parameter-transfer.ts';
import { slabOf, type Slab } from '../../tensor/tensor.ts';
import { tuningFor, type Tuning } from '../../tensor/tuning.ts';
import type { SessionState } from '../saving/checkpoint.ts';
import { checkWeights } from '../saving/first-weights.ts';
import { RestorePoints } from '../saving/restore-points.ts';
import { makeTaskYielder } from '../time/next-task.ts';
import { ReplayPieces } from './cut-replay.ts';
import { InputRing, type BatchSource } from './input-ring.ts';
import { LossRing, type RecordListener } from './loss-ring.ts';
import { MAX_STEPS_PER_SUBMIT } from './pace.ts';
import { declareStepMemory, type StepMemory } from './step-memory.ts';
import { idsBytes, traceTraining, type TraceOptions, type TrainingTrace } from './training-trace.ts';

/** What the trace of a step depends on. */
export interface StepOptions extends TraceOptions {
  model: ModelConfig;
  batchSize: number;
  accumulation: number;
  /** Inputs per sequence; the context length unless a test wants less. */
  length?: number;
  tuning?: Tuning;
}

export interface SessionOptions extends StepOptions {
  /** Of the first values of its parameters. */
  seed: number;
  /** Where it goes on, instead of from first values. */
  from?: SessionState;
  /** Its first values, instead of some that are drawn from the seed; nothing else comes from where they do. */
  weights?: StateDict;
  onRecord: RecordListener;
  onCompiling?: (done: number, total: number) => void;
  /** Ends building soon, with the signal's reason. */
  signal?: AbortSignal;
}

const RING_CAPACITY = 8 * MAX_STEPS_PER_SUBMIT;
/** Forward and backward in one pass. */
const WHOLE: readonly ProgramPart[][] = [[{}]];

/** A training step for this adapter, recorded but neither compiled nor given any memory. */
export function traceSession(gpu: Pick<Gpu, 'info' | 'limits'>, options: StepOptions): SessionParts {
  const { model: config, batchSize, accumulation, length = config.contextLength } = options;
  const { maxBufferSize, maxStorageBufferBindingSize } = gpu.limits;
  const store = new ParameterStore(Math.min(maxBufferSize, maxStorageBufferBindingSize));
  const model = new HierarchicalTransformer(config, store);
  const memory = declareStepMemory('training', batchSize, length, recordLayout(config).size);
  const tuning = options.tuning ?? tuningFor(gpu.info);
  return { model, store, memory, trace: traceTraining(model, store, memory, accumulation, tuning, options) };
}

/** What a session is made of before it is compiled. */
interface SessionParts {
  model: HierarchicalTransformer;
  store: ParameterStore;
  memory: StepMemory;
  trace: TrainingTrace;
}

/** A model on a device, ready to be stepped: memory, compiled programs, input ring and loss ring. */
export class TrainingSession {
  readonly layout: RecordLayout;
  readonly ring: LossRing;
  readonly restorePoints: RestorePoints;
  /** Dispatches of one step, and distinct pipelines. */
  readonly dispatchCount: number;
  readonly pipelineCount: number;
  /** Steps that were submitted. */
  step = 0;
  /** Calls of `submit`: unlike `step`, which a divergence sets back, another number after every update. */
  submits = 0;
  readonly gpu: Gpu;
  readonly model: HierarchicalTransformer;
  readonly store: ParameterStore;
  private readonly memory: StepMemory;
  private readonly trace: TrainingTrace;
  private readonly accumulate: CompiledGraph;
  private readonly update: CompiledGraph;
  private readonly accumulation: number;
  private readonly inputs: InputRing;
  private readonly timer: PassTimer | null;
  /** The passes of each submit that a micro-batch is spread over. */
  private pieces: readonly ProgramPart[][];
  private readonly replay: ReplayPieces;
  private readonly updatePart: ProgramPart;

  private constructor(
    gpu: Gpu,
    options: SessionOptions,
    parts: SessionParts,
    programs: { accumulate: CompiledGraph; update: CompiledGraph },
  ) {
    this.gpu = gpu;
    this.model = parts.model;
    this.store = parts.store;
    this.memory = parts.memory;
    this.trace = parts.trace;
    this.accumulate = programs.accumulate;
    this.update = programs.update;
    this.accumulation = options.accumulation;
    this.layout = recordLayout(options.model);
    this.dispatchCount =
      options.accumulation * this.accumulate.program.dispatchCount + this.update.program.dispatchCount;
    this.pipelineCount = new Set(
      [...parts.trace.accumulate.dispatches, ...parts.trace.update.dispatches].map((d) => d.kernel.key),
    ).size;

    // Steps may share a submit. Micro-batches of an accumulated step are submitted one by one.
    const together = options.accumulation > 1 ? 1 : MAX_STEPS_PER_SUBMIT;
    this.inputs = new InputRing(gpu, idsBytes(this.memory), together, options.accumulation);
    this.restorePoints = new RestorePoints(gpu, parts.store, slabOf(this.memory.state));
    this.timer = PassTimer.create(gpu, 3);
    this.updatePart = { timestampWrites: this.timer?.pass(2) };
    this.replay = new ReplayPieces(parts.trace.accumulate, this.timer);
    this.pieces = this.replay.of(1);
    const record = slabOf(this.memory.record).buffer!;
    const times = this.timer?.times ?? null;
    this.ring = new LossRing(
      gpu,
      { record, recordSize: this.layout.size, times, capacity: RING_CAPACITY },
      options.onRecord,
    );
  }

  /** Builds, plans, allocates, compiles and initialises. Throws OutOfMemoryError, WeightsError, or an Error that names a control. */
  static async create(gpu: Gpu, options: SessionOptions): Promise<TrainingSession> {
    const parts = traceSession(gpu, options);
    const { model, store, memory, trace } = parts;
    if (options.weights) checkWeights(store, options.weights);
    return gpu.guarded('training', async (own) => {
      own({ destroy: () => releaseSlabs(parts) });
      // Whether there is memory is known before kernels are compiled and values drawn, which takes long for large models.
      await gpu.guarded('training', () => {
        for (const slab of slabsOfSession(parts)) materialise(gpu, slab);
      });
      for (const { slab, values } of trace.masks) gpu.write(slab.buffer!, 0, values());
      model.constants.upload(gpu);
      const state = slabOf(memory.state).buffer!;
      gpu.write(state, OPTIMIZER_STATE.lossScale * 4, Uint32Array.of(FIRST_LOSS_SCALE));
      const update = own(await compile(gpu, 'update', trace.update));
      const accumulate = own(await compile(gpu, 'training', trace.accumulate, options.onCompiling));
      const session = own(new TrainingSession(gpu, options, parts, { accumulate, update }));
      if (options.from) session.load(options.from);
      else if (options.weights) uploadState(gpu, store, 'weights', options.weights);
      else await drawWeights(gpu, parts, options);
      return session;
    });
  }

  /** FLOPs of one step as ops declare them, for its pace. What the page states is the arithmetic of the configuration. */
  get flopsPerStep(): number {
    const { forwardFlops, backwardFlops } = this.trace.accumulate;
    return this.accumulation * (forwardFlops + backwardFlops);
  }

  /** Spreads forward and backward of every micro-batch from now on over up to so many submits, so that none is long. */
  spread(submits: number): void {
    this.pieces = this.replay.of(submits);
  }

  /**
   * Queues `count` optimizer steps in one submit (or one per micro-batch when gradients are accumulated, or several when
   * even those are long) and returns at once. The hot path: it creates nothing on the device and waits for nothing.
   */
  submit(count: number, batches: BatchSource, hyper: (step: number) => HyperValues): void {
    const { device } = this.gpu;
    this.submits++;
    const first = this.step;
    const total = count * this.accumulation;
    const apart = this.accumulation > 1 || this.pieces.length > 1;
    let encoder = device.createCommandEncoder();
    for (let i = 0; i < count; i++) {
      // The times of the first step stand for all; the others need no passes that can be told apart.
      const isTimed = i === 0 && this.timer !== null;
      for (let micro = 0; micro < this.accumulation; micro++) {
        const index = i * this.accumulation + micro;
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
      this.update.program.encode(encoder, isTimed ? this.updatePart : undefined);
      // Once, since Chrome makes two buffers and a dispatch for it.
      if (isTimed) this.timer?.encodeResolve(encoder);
      this.ring.encodeRecord(encoder);
      this.step++;
    }
    this.ring.encodeReadback(encoder);
    device.queue.submit([encoder.finish()]);
    this.ring.submitted();
  }

  /** Sends the inputs of a micro-batch, of `total` from step `first` on, and of as many behind it as there are slots. */
  private send(
    index: number,
    total: number,
    first: number,
    batches: BatchSource,
    hyper: (step: number) => HyperValues,
  ) {
    const { inputs, accumulation } = this;
    const count = Math.min(inputs.slots, total - index);
    for (let slot = 0; slot < count; slot++) {
      const step = first + Math.floor((index + slot) / accumulation);
      inputs.fill(slot, batches, hyper(step), step, (index + slot) % accumulation);
    }
    inputs.upload(count);
  }

  /** Runs forward and backward of one micro-batch without an update: what parity checks read gradients from. */
  accumulateOnly(batches: BatchSource, hyper: HyperValues): void {
    this.inputs.fill(0, batches, hyper, this.step, 0);
    this.inputs.upload(1);
    const encoder = this.gpu.device.createCommandEncoder();
    this.encodeBegin(encoder, 0);
    this.inputs.encodeIds(encoder, 0, this.raw('ids'));
    for (const piece of this.pieces) this.encode(encoder, piece);
    // No times: there is none of an update, and wgpu waits for ever for a query that nobody has written.
    this.ring.encodeRecord(encoder);
    this.ring.encodeReadback(encoder);
    this.gpu.device.queue.submit([encoder.finish()]);
    this.ring.submitted();
  }

  /** GPU milliseconds of a step, of its submit's first one that is, from the words that came with its record; null without timestamps. */
  stepTimes(words: Uint32Array): { forward: number; backward: number; update: number } | null {
    if (!this.timer) return null;
    return {
      // Of several micro-batches the last one was timed.
      forward: this.accumulation * passMilliseconds(words, 0),
      backward: this.accumulation * passMilliseconds(words, 1),
      update: passMilliseconds(words, 2),
    };
  }

  /**
   * GPU time per kernel of a step, the slowest first; in submits that are as long as those of a step. Runs everything several
   * times, so the state of the run changes. Needs `timestamp-query`.
   */
  async profile(): Promise<KernelTime[]> {
    const { gpu, accumulate, update, accumulation } = this;
    const ofMicroBatch = await profile(gpu, accumulate.program, this.pieces);
    const ofAll = ofMicroBatch.map(({ label, dispatches, milliseconds }) => ({
      label,
      dispatches: accumulation * dispatches,
      milliseconds: milliseconds && accumulation * milliseconds,
    }));
    return slowestFirst([...ofAll, ...(await profile(gpu, update.program, WHOLE))]);
  }

  /** Queues the way back to a restore point; steps count on from there. */
  rewind(step: number): void {
    this.restorePoints.restore(step);
    this.step = step;
    // Whoever remembers something that other parameters gave must not use it any more.
    this.submits++;
  }

  /** Reads back all that the next steps depend on. Waits for what was submitted; rejects when a step was not finite. */
  async save(): Promise<SessionState> {
    const { gpu, store, step } = this;
    const state = slabOf(this.memory.state).buffer!;
    // All copies are queued before any is waited for, so that no step comes between them.
    const [weights, firstMoments, secondMoments, counters] = await Promise.all([
      downloadState(gpu, store, 'weights'),
      downloadState(gpu, store, 'firstMoments'),
      downloadState(gpu, store, 'secondMoments'),
      gpu.read(state, 0, OPTIMIZER_STATE_LENGTH * 4),
    ]);
    const optimizer = new Uint32Array(counters);
    if (optimizer[OPTIMIZER_STATE.notFinite] !== 0) throw new Error('save: the run has diverged, needs a sound one');
    return { step, weights, firstMoments, secondMoments, optimizer };
  }

  /** Takes up what `save` gave, of this model. Throws when an array is missing or has another shape. */
  private load({ step, weights, firstMoments, secondMoments, optimizer }: SessionState): void {
    const { gpu, store } = this;
    uploadState(gpu, store, 'weights', weights);
    uploadState(gpu, store, 'firstMoments', firstMoments);
    uploadState(gpu, store, 'secondMoments', secondMoments);
    gpu.write(slabOf(this.memory.state).buffer!, 0, optimizer);
    this.step = step;
    this.submits++;
  }

  /** Lets updates happen again after something was not finite. */
  clearNotFinite(): void {
    this.gpu.write(slabOf(this.memory.state).buffer!, OPTIMIZER_STATE.notFinite * 4, new Uint32Array(1));
  }

  destroy(): void {
    this.accumulate.destroy();
    this.update.destroy();
    this.ring.destroy();
    this.restorePoints.destroy();
    this.inputs.destroy();
    this.timer?.destroy();
    const { model, store, memory, trace } = this;
    releaseSlabs({ model, store, memory, trace });
  }

  private encode(encoder: GPUCommandEncoder, piece: readonly ProgramPart[]): void {
    for (const part of piece) this.accumulate.program.encode(encoder, part);
  }

  private encodeBegin(encoder: GPUCommandEncoder, slot: number): void {
    this.inputs.encodeHyper(encoder, slot, this.raw('hyper'));
    encoder.clearBuffer(this.raw('record'));
    for (const { gradients } of this.store.segments) encoder.clearBuffer(gradients.buffer!.raw);
  }

  private raw(name: 'ids' | 'hyper' | 'record'): GPUBuffer {
    return slabOf(this.memory[name]).buffer!.raw;
  }
}

/** First values of all parameters. Commands are served meanwhile: large models take minutes, and may be given up. */
async function drawWeights(gpu: Gpu, { model, store }: SessionParts, { seed, signal }: SessionOptions): Promise<void> {
  const values = model.initialValues(seed);
  const tasks = makeTaskYielder();
  try {
    for (const parameter of store.parameters) {
      writeParameter(gpu, store, 'weights', parameter, values.next().value);
      await tasks.next();
      signal?.throwIfAborted();
    }
  } finally {
    tasks.close();
  }
}

function slabsOfSession({ store, memory, trace }: SessionParts): Slab[] {
  return [...store.segments.flatMap(slabsOf), ...memory.slabs, ...trace.masks.map(({ slab }) => slab)];
}

function releaseSlabs(parts: SessionParts): void {
  slabsOfSession(parts).forEach(release);
  parts.model.constants.release();
}
