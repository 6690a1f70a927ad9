import type { ModelConfig } from '../../config/types.ts';
import type { Gpu } from '../../gpu/device.ts';
import { HierarchicalTransformer } from '../../model/hierarchical-transformer.ts';
import { recordLayout } from '../../model/losses.ts';
import { HYPER_LENGTH, writeHyper } from '../../optim/hyper.ts';
import { fillNormal } from '../../random/fill.ts';
import { compile, materialise, release } from '../../tensor/compile.ts';
import { ParameterStore, slabsOf, type Parameter } from '../../tensor/parameter-store.ts';
import { sizeOf, slabOf } from '../../tensor/tensor.ts';
import type { Tuning } from '../../tensor/tuning.ts';
import { declareStepMemory } from '../passes/step-memory.ts';
import { traceTraining } from '../passes/training-trace.ts';

/** All that a small preset has, in sizes that no tile divides; heads as wide as those of most presets, whose kernels are shared. */
export const KNOWN_MODEL: ModelConfig = {
  numTokens: 256,
  depth: 1,
  contextLength: 23,
  hierarchies: [
    { factor: 1, stride: 1, dim: 16, heads: 1, dimHead: 32, ffMult: 2, window: 8 },
    { factor: 4, stride: 1, dim: 24, heads: 1, dimHead: 32, ffMult: 2, window: null },
  ],
  predictFactor: null,
  mergeAll: false,
  predictAll: false,
  ablateMerge: false,
  reconWeight: 0.1,
  arWeight: 0.25,
  ignoreIndex: 0,
};
export const KNOWN_BATCH = 2;
/** The clip is below the norm of the gradients, and the decay large enough to be seen. */
export const KNOWN_HYPER = {
  learningRate: 0.01,
  clip: 0.5,
  weightDecay: 0.1,
  ceWeight: 1,
  reconWeight: KNOWN_MODEL.reconWeight,
  arWeight: KNOWN_MODEL.arWeight,
} as const;

/** What one training step leaves, and another update with a gradient that is not finite. Flat, as parameters lie in `store`. */
export interface KnownStep {
  store: ParameterStore;
  /** Laid out by `recordLayout`. */
  record: Float32Array;
  gradients: Float32Array;
  /** Before the step, after it, and after the second update. */
  weights: readonly [Float32Array, Float32Array, Float32Array];
}

/** Bytes of two sequences, the labels included: some occur again, and two are 0, which losses leave out. */
export function knownIds(): Uint32Array<ArrayBuffer> {
  const length = KNOWN_BATCH * (KNOWN_MODEL.contextLength + 1);
  return Uint32Array.from({ length }, (_, i) => (i % 20 === 7 ? 0 : (i * i * 31 + 5 * i + 65) % 97));
}

/** Runs one step of a small model from the same numbers each time, by the kernels of a training run with this tuning. */
export async function runKnownStep(gpu: Gpu, tuning: Tuning): Promise<KnownStep> {
  const store = new ParameterStore();
  const model = new HierarchicalTransformer(KNOWN_MODEL, store);
  const { contextLength } = KNOWN_MODEL;
  const memory = declareStepMemory('known step', KNOWN_BATCH, contextLength, recordLayout(KNOWN_MODEL).size);
  const trace = traceTraining(model, store, memory, 1, tuning);
  const slabs = [...store.segments.flatMap(slabsOf), ...memory.slabs, ...trace.masks.map(({ slab }) => slab)];
  const opened: { destroy(): void }[] = [{ destroy: () => model.constants.release() }];
  try {
    await gpu.guarded('known step', () => {
      for (const slab of slabs) materialise(gpu, slab);
    });
    for (const { slab, values } of trace.masks) gpu.write(slab.buffer!, 0, values());
    model.constants.upload(gpu);
    const hyper = new Float32Array(HYPER_LENGTH);
    writeHyper(hyper, KNOWN_HYPER);
    gpu.write(slabOf(memory.hyper).buffer!, 0, hyper);
    gpu.write(slabOf(memory.ids).buffer!, 0, knownIds());
    const [{ weights, gradients }] = store.segments;
    const first = firstWeights(store);
    gpu.write(weights.buffer!, 0, first);

    const accumulate = await compile(gpu, 'known step', trace.accumulate);
    opened.push(accumulate);
    const update = await compile(gpu, 'known update', trace.update);
    opened.push(update);
    const read = async (slab: typeof weights): Promise<Float32Array> =>
      new Float32Array(await gpu.read(slab.buffer!, 0, slab.bytes));
    const run = (...programs: (typeof update)[]): void => {
      const encoder = gpu.device.createCommandEncoder();
      for (const { program } of programs) program.encode(encoder);
      gpu.device.queue.submit([encoder.finish()]);
    };
    run(accumulate, update);
    // All copies are queued before the next update, and waited for together.
    const reads = [read(slabOf(memory.record)), read(gradients), read(weights)];
    gpu.write(gradients.buffer!, 0, Float32Array.of(Infinity));
    run(update);
    const [record, found, second, third] = await Promise.all([...reads, read(weights)]);
    return { store, record, gradients: found, weights: [first, second, third] };
  } finally {
    for (const each of opened.toReversed()) each.destroy();
    slabs.forEach(release);
  }
}

/** A parameter's part of an array of `KnownStep`. */
export function partOf<T extends Float32Array | Float64Array>(values: T, { offset, shape }: Parameter): T {
  return values.subarray(offset / 4, offset / 4 + sizeOf(shape)) as T;
}

/** Near a fresh model's, but no gain is 1 and no bias 0. */
function firstWeights(store: ParameterStore): Float32Array<ArrayBuffer> {
  const all = new Float32Array(store.segments[0].bytes / 4);
  for (const parameter of store.parameters) {
    const { name, init } = parameter;
    const values = partOf(all, parameter);
    const spread = init.kind === 'uniform' ? init.bound : init.kind === 'normal' ? init.std : 0.1;
    fillNormal(values, init.kind === 'constant' ? init.value : 0, spread, 0, name);
  }
  return all;
}
