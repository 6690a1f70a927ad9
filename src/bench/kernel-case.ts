import type { SubgroupMatrix, SUBGROUP_MATRIX_FEATURE } from '../gpu/subgroup-matrix.ts';
import type { ActivationType, Tensor } from '../tensor/tensor.ts';
import type { Tuning } from '../tensor/tuning.ts';
import type { Workbench } from './workbench.ts';

export type PassName = 'forward' | 'backward';

/** Some elements of an output, by index, as float64 arithmetic has them. */
export type Samples = readonly (readonly [index: number, expected: number])[];

/** An output or a gradient: some elements of it, each from its definition. */
export interface ExpectedOutput {
  output: Tensor;
  samples: Samples;
  /** How many elements rightly stay what they were before the kernels ran; none unless said otherwise. */
  unchanged?: number;
}

/** What recording a case has left to be timed and looked at. */
export interface RecordedCase {
  /** Floating-point operations of each pass that is timed, all repetitions of it equal. */
  flops: Partial<Record<PassName, number>>;
  /** What the kernels must leave, once they have run once. Called when it is needed, since it takes long. */
  expected: () => readonly ExpectedOutput[];
}

/** One of the kernels that do the same work, measured whether or not the adapter gets it. */
export interface KernelVariant {
  name: string;
  tuning?: Partial<Tuning>;
  /** How activations are stored; as f32 unless said otherwise. */
  activations?: ActivationType;
  /** Subgroup matrices to multiply by. */
  matrix?: Pick<SubgroupMatrix, 'side' | 'component'>;
  /** What the adapter must have. */
  feature?: 'subgroups' | 'shader-f16' | typeof SUBGROUP_MATRIX_FEATURE;
}

/** One kernel family at one shape. */
export interface KernelCase {
  family: string;
  /** The shape and what else tells it from others, in words: `4096 x 512 x 512, dW`. */
  shape: string;
  /** Without it, the kernels that the adapter gets. */
  variant?: KernelVariant;
  /** Records the calls on the bench's trace; needs no device. */
  record(bench: Workbench): RecordedCase;
}

/** What a file of `cases/` puts into the two lists. */
export interface CaseLists {
  /** Ascending in each family, so that what is measured tells whether the next one takes too long. */
  full(): KernelCase[];
  /** Small ones, seconds on a software adapter: every kernel of the file at least once. */
  quick(): KernelCase[];
}

/** Numbers in 16 MB of f32. */
export const LARGE = 2 ** 22;

/** Name by which a case is listed and asked for. */
export function idOf({ family, shape }: Pick<KernelCase, 'family' | 'shape'>): string {
  return `${family}/${shape}`.replaceAll(/,? /g, '-');
}

/** Places spread over `count`, the first and the last among them: where results are looked at. */
export function spread(count: number, wanted: number): number[] {
  const most = Math.min(wanted, count);
  return Array.from({ length: most }, (_, i) => (most === 1 ? 0 : Math.floor((i * (count - 1)) / (most - 1))));
}
