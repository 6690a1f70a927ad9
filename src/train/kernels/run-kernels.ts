import type { ModelConfig, TrainingConfig } from '../../config/types.ts';
import type { Gpu } from '../../gpu/device.ts';
import { matrixFor } from '../../gpu/subgroup-matrix.ts';
import { kernelProbes } from '../../model/kernel-probes.ts';
import { kernelTraits } from '../../model/kernel-traits.ts';
import type { KernelProbe } from '../../model/probe-recording.ts';
import { describeMatrix, describeTuning, tuningOfRun, TUNINGS, type Tuning } from '../../tensor/tuning.ts';
import type { SavedKernels } from '../saving/checkpoint.ts';
import { checkKernels } from './kernel-check.ts';
import type { ChosenKernels } from './kernel-choice.ts';
import { isPossibleTuning } from './possible-tuning.ts';
import { failureOf, RecordedProbes, runsAlike } from './probe-run.ts';
import { UPDATE_PROBE } from './update-probe.ts';

/** The kernels of one run. */
export interface RunKernels extends ChosenKernels {
  /** How activations and their gradients are stored. */
  activations: 'f16' | 'f32';
  /** Which others the run was saved with. */
  savedWith?: string;
}

/** Largest deviation of kernels that round to f16, whose numbers have 11 bits, by the largest number of a result. */
export const HALF_TOLERANCE = 2 ** -7;

/** What decides which kernels a run has. */
interface Wishes {
  model: Pick<ModelConfig, 'hierarchies'>;
  training: Pick<TrainingConfig, 'halfPrecision' | 'subgroupMatrices' | 'recompute'>;
}

/**
 * The kernels that suit the adapter, with what a run asks for besides. That is run before, against the adapter's kernels; what
 * computes something else is left out, and `replaced` says so. Throws when the device is lost.
 */
export async function kernelsOfRun(gpu: Gpu, choice: ChosenKernels, { model, training }: Wishes): Promise<RunKernels> {
  const { matmul, activation, attention, reductions } = kernelProbes(kernelTraits(model));
  let { replaced } = choice;
  let tuning = tuningOfRun(choice.tuning, training.recompute ?? false);
  let activations: RunKernels['activations'] = 'f32';
  if (training.halfPrecision) {
    const probes = [...matmul, ...activation, ...attention, ...reductions, UPDATE_PROBE];
    const fault = await faultOf(gpu, probes, tuning, { tuning, activations: 'f16' });
    if (fault === null) activations = 'f16';
    else replaced = [...replaced, `Kernels that store 16-bit activations ${fault}`];
  }
  const subgroupMatrix = training.subgroupMatrices && matrixFor(gpu.info.subgroupMatrices, activations);
  if (subgroupMatrix) {
    const wanted = { ...tuning, subgroupMatrix };
    const fault = await faultOf(gpu, [...matmul, ...activation], tuning, { tuning: wanted, activations });
    if (fault === null) tuning = wanted;
    else replaced = [...replaced, `Products by subgroup matrices ${describeMatrix(subgroupMatrix)} ${fault}`];
  }
  return { ...choice, tuning, activations, replaced };
}

/**
 * The kernels that a run was saved with, where they suit this kind of adapter and are right on it: then it goes on with the same
 * numbers. Else those of a new run, and `savedWith` says so.
 */
export async function kernelsToResume(
  gpu: Gpu,
  choice: ChosenKernels,
  wishes: Wishes,
  saved: SavedKernels,
): Promise<RunKernels> {
  const { tuning } = saved;
  const isUsable = isAlike(tuning, choice.tuning) && (await isRight(gpu, choice, tuning, wishes));
  const kernels = await kernelsOfRun(gpu, isUsable ? { ...choice, tuning } : choice, wishes);
  return describeKernels(kernels) === saved.variants ? kernels : { ...kernels, savedWith: saved.variants };
}

/** Whether a tuning of unknown origin is for adapters of the same kind as the present one: GPUs of any size, or CPUs. */
export function isAlike(value: unknown, present: Tuning): value is Tuning {
  const isForCpus = ({ parallelTiles }: Tuning): boolean => parallelTiles === TUNINGS.software.parallelTiles;
  return isPossibleTuning(value, present) && isForCpus(value) === isForCpus(present);
}

/** Whether kernels other than the adapter's own compute what the plain ones do. */
async function isRight(gpu: Gpu, { tuning: own }: ChosenKernels, tuning: Tuning, { model }: Wishes): Promise<boolean> {
  const [one, other] = [tuning, own].map((each) => describeTuning({ ...each, sharedDispatches: false }));
  if (one === other) return true;
  const { replaced } = await checkKernels(
    gpu,
    { tuning, replaced: [], passedOver: [], wrong: [], checked: [] },
    kernelTraits(model),
  );
  return replaced.length === 0;
}

/** What a checkpoint says of the kernels of a run. Subgroup matrices are a wish that its configuration holds. */
export function kernelsToSave(kernels: RunKernels): SavedKernels {
  return { tuning: withoutMatrices(kernels.tuning), variants: describeKernels(kernels) };
}

/** A tuning for activations of f32, which few adapters have subgroup matrices for. */
export function withoutMatrices(tuning: Tuning): Tuning {
  const { subgroupMatrix: _, ...plain } = tuning;
  return plain;
}

function describeKernels({ tuning, activations }: RunKernels): string {
  return `${describeTuning(tuning)}; activations ${activations}`;
}

/** What a `kernels` event says. */
export function kernelsEvent(kernels: RunKernels) {
  const { replaced, passedOver, wrong, remembered, savedWith } = kernels;
  const variants = describeKernels(kernels);
  const other = savedWith !== undefined && { savedWith };
  return { type: 'kernels' as const, variants, replaced, passedOver, wrong, remembered, ...other };
}

/** Why probes are not run by these kernels, in words; null when they leave what they do by `tuning` and f32. */
async function faultOf(
  gpu: Gpu,
  probes: readonly KernelProbe[],
  tuning: Tuning,
  wanted: Pick<RunKernels, 'tuning' | 'activations'>,
): Promise<string | null> {
  const recorded = new RecordedProbes(gpu);
  try {
    const pairs = probes.map((probe) => ({
      usual: recorded.record(probe, { tuning }),
      other: recorded.record(probe, wanted),
    }));
    await recorded.compile();
    for (const { usual, other } of pairs) {
      const expected = await usual.session.run(usual.outputs);
      const fault = await runsAlike(gpu, () => other.session.run(other.outputs), expected, HALF_TOLERANCE);
      if (fault !== null) return fault;
    }
    return null;
  } catch (error) {
    return `could not be compared: ${await failureOf(gpu, error)}`;
  } finally {
    recorded.release();
  }
}
