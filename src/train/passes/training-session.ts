import type { ModelConfig } from '../../config/types.ts';
import type { Gpu } from '../../gpu/device.ts';
import { slowestFirst, type KernelTime } from '../../gpu/kernel-sums.ts';
import { profile } from '../../gpu/profiler.ts';
import { HierarchicalTransformer } from '../../model/hierarchical-transformer.ts';
import { recordLayout, type RecordLayout } from '../../model/losses.ts';
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
import type { RecordListener } from './loss-ring.ts';
import { declareStepMemory, type StepMemory } from './step-memory.ts';
import { StepReplay, WHOLE } from './step-replay.ts';
import { traceTraining, type TraceOptions, type TrainingTrace } from './training-trace.ts';

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

/** A model on a device, ready to be stepped: its memory, its compiled programs, and what replays them. */
export class TrainingSession {
  readonly layout: RecordLayout;
  readonly replay: StepReplay;
  readonly restorePoints: RestorePoints;
  /** Dispatches of one step, and distinct pipelines. */
  readonly dispatchCount: number;
  readonly pipelineCount: number;
  readonly gpu: Gpu;
  readonly model: HierarchicalTransformer;
  readonly store: ParameterStore;
  private readonly memory: StepMemory;
  private readonly trace: TrainingTrace;
  private readonly accumulate: CompiledGraph;
  private readonly update: CompiledGraph;
  private readonly accumulation: number;

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

    this.restorePoints = new RestorePoints(gpu, parts.store, slabOf(this.memory.state));
    this.replay = new StepReplay(gpu, {
      ...programs,
      memory: parts.memory,
      store: parts.store,
      trace: parts.trace.accumulate,
      accumulation: options.accumulation,
      onRecord: options.onRecord,
    });
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

  /** Steps that were submitted. */
  get step(): number {
    return this.replay.step;
  }

  /** Another number whenever the parameters may have changed. */
  get submits(): number {
    return this.replay.submits;
  }

  /** FLOPs of one step as ops declare them, for its pace. What the page states is the arithmetic of the configuration. */
  get flopsPerStep(): number {
    const { forwardFlops, backwardFlops } = this.trace.accumulate;
    return this.accumulation * (forwardFlops + backwardFlops);
  }

  /**
   * GPU time per kernel of a step, the slowest first; in submits that are as long as those of a step. Runs everything several
   * times, so the state of the run changes. Needs `timestamp-query`.
   */
  async profile(): Promise<KernelTime[]> {
    const { gpu, accumulate, update, accumulation } = this;
    const ofMicroBatch = await profile(gpu, accumulate.program, this.replay.pieces);
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
    this.replay.goOnFrom(step);
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
    this.replay.goOnFrom(step);
  }

  /** Lets updates happen again after something was not finite. */
  clearNotFinite(): void {
    this.gpu.write(slabOf(this.memory.state).buffer!, OPTIMIZER_STATE.notFinite * 4, new Uint32Array(1));
  }

  destroy(): void {
    this.accumulate.destroy();
    this.update.destroy();
    this.replay.destroy();
    this.restorePoints.destroy();
    const { model, store, memory, trace } = this;
    releaseSlabs({ model, store, memory, trace });
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
