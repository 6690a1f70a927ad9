import type { RunConfig } from '../config/types.ts';
import { checkCorpusLength, type Corpus } from '../data/corpus.ts';
import { Sampler } from '../data/sampler.ts';
import type { Gpu } from '../gpu/device.ts';
import type { WorkerEvent } from '../protocol/events.ts';
import { chooseKernels } from './kernels/kernel-choice.ts';
import type { KernelMemory } from './kernels/kernel-memory.ts';
import {
  kernelsEvent,
  kernelsOfRun,
  kernelsToResume,
  withoutMatrices,
  type RunKernels,
} from './kernels/run-kernels.ts';
import type { RecordListener } from './passes/loss-ring.ts';
import { TrainingSession } from './passes/training-session.ts';
import { Validator } from './passes/validator.ts';
import type { Checkpoint } from './saving/checkpoint.ts';
import type { GivenWeights } from './saving/first-weights.ts';
import { TextSampler } from './writing/text-sampler.ts';

export interface RunOptions {
  gpu: Gpu;
  runId: number;
  config: RunConfig;
  corpus: Corpus;
  emit: (event: WorkerEvent) => void;
  /** Where earlier choices of kernels are; without it they are measured and checked anew. */
  memory?: KernelMemory;
  /** Goes on from here, with its kernels. It must be of this configuration and this text. */
  from?: Checkpoint;
  /** Begins with these at step 0, instead of some that are drawn. */
  weights?: GivenWeights;
  /** Given when nobody wants the run any more: building ends soon, and throws the signal's reason. */
  signal?: AbortSignal;
}

/** What a run holds on the GPU. */
export interface RunParts {
  session: TrainingSession;
  validator: Validator;
  texts: TextSampler;
  kernels: RunKernels;
}

/**
 * Chooses kernels, and builds and compiles everything that a run needs, telling how far it is. Nothing is left behind when
 * it throws: DataError, OutOfMemoryError, WeightsError, an Error naming a control, or that the run was given up.
 */
export async function buildRun(
  { gpu, runId, config, corpus, emit, memory, from, weights, signal }: RunOptions,
  onRecord: RecordListener,
): Promise<RunParts> {
  const { model, training } = config;
  checkCorpusLength(corpus, model.contextLength);
  const choice = await chooseKernels({ gpu, model, memory });
  const kernels = from
    ? await kernelsToResume(gpu, choice, config, from.kernels)
    : await kernelsOfRun(gpu, choice, config);
  signal?.throwIfAborted();
  emit(kernelsEvent(kernels));
  const session = await TrainingSession.create(gpu, {
    model,
    batchSize: training.batchSize,
    accumulation: training.accumulation,
    recompute: training.recompute,
    tuning: kernels.tuning,
    activations: kernels.activations,
    seed: training.seed,
    from,
    weights: weights?.values,
    signal,
    onRecord,
    onCompiling: (done, total) => {
      signal?.throwIfAborted();
      emit({ type: 'compiling', runId, done, total });
    },
  });
  let validator: Validator | null = null;
  let texts: TextSampler | null = null;
  try {
    signal?.throwIfAborted();
    // The same sequences whatever the run's seed and batches: micro-steps of one step.
    const validation = new Sampler(corpus, 'validation', 0);
    validator = await Validator.create(
      gpu,
      session.model,
      // It computes in full precision, and no tensor may become larger for that.
      training.halfPrecision ? Math.max(1, Math.floor(training.batchSize / 2)) : training.batchSize,
      (ids, index, batchSize) => validation.sample(ids, 0, index, batchSize, model.contextLength),
      withoutMatrices(kernels.tuning),
    );
    signal?.throwIfAborted();
    texts = await TextSampler.create(gpu, session.model, () => session.submits);
    signal?.throwIfAborted();
    return { session, validator, texts, kernels };
  } catch (error) {
    texts?.destroy();
    validator?.destroy();
    session.destroy();
    throw error;
  }
}
