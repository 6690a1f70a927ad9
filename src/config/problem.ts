import type { Field } from './field.ts';
import type { HierarchyConfig, ModelConfig, RunConfig, TrainingConfig } from './types.ts';

/** `error` keeps a run from starting; `warning` is probably not meant; `notice` is worth knowing. */
export type Severity = 'error' | 'warning' | 'notice';

/** A change that a person can accept with one click. */
export interface Fix {
  /** What the button says, as in `Use 32`. */
  label: string;
  apply(config: RunConfig): RunConfig;
}

export interface Problem {
  /** The control at fault: `batchSize`, `hierarchies`, `hierarchies[1].stride` ... */
  control: string;
  severity: Severity;
  /** A sentence for the person in front of the form. */
  message: string;
  fix?: Fix;
  /** Another way out, where there are two. */
  otherFix?: Fix;
}

/** What the rules need to know of an adapter; the first two by their WebGPU names. */
export interface AdapterLimits {
  maxBufferSize: number;
  maxStorageBufferBindingSize: number;
  /** Whether it has 16-bit floats. */
  halfPrecision: boolean;
  /** Of what subgroup matrices can be that it multiplies; none where it has no such matrices. */
  matrixComponents: readonly ('f16' | 'f32')[];
}

/** What a device says of itself, by WebGPU's names, as the rules want it. */
export function adapterLimits(
  { maxBufferSize, maxStorageBufferBindingSize }: Pick<AdapterLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>,
  info: { features: readonly string[]; subgroupMatrices: readonly { component: 'f16' | 'f32' }[] },
): AdapterLimits {
  return {
    maxBufferSize,
    maxStorageBufferBindingSize,
    halfPrecision: info.features.includes('shader-f16'),
    matrixComponents: info.subgroupMatrices.map(({ component }) => component),
  };
}

/** Looks at a whole configuration for one kind of problem. */
export type Rule = (config: RunConfig, limits: AdapterLimits | undefined) => Problem[];

export function controlOf(index: number, name: keyof HierarchyConfig): string {
  return `hierarchies[${index}].${name}`;
}

export function withModel(config: RunConfig, change: Partial<ModelConfig>): RunConfig {
  return { ...config, model: { ...config.model, ...change } };
}

export function withTraining(config: RunConfig, change: Partial<TrainingConfig>): RunConfig {
  return { ...config, training: { ...config.training, ...change } };
}

export function withHierarchy(
  config: RunConfig,
  index: number,
  change: (old: HierarchyConfig) => HierarchyConfig,
): RunConfig {
  return withModel(config, {
    hierarchies: config.model.hierarchies.map((hierarchy, at) => (at === index ? change(hierarchy) : hierarchy)),
  });
}

/** The hierarchies from fine to coarse, the order of the form. */
export function sorted(hierarchies: readonly HierarchyConfig[]): HierarchyConfig[] {
  return [...hierarchies].sort((a, b) => a.factor - b.factor);
}

/** The problem that a field has with its own value, if any; `place` leads to the owner inside of a run. */
export function fieldProblem<Owner>(
  field: Field<Owner>,
  owner: Owner,
  control: string,
  place: (config: RunConfig, change: (owner: Owner) => Owner) => RunConfig,
): Problem[] {
  const error = field.check(field.get(owner));
  if (error === null) return [];
  return [
    {
      control,
      severity: 'error',
      message: `${field.label} ${field.read(owner)} is not allowed: it ${error}.`,
      fix: {
        label: `Use ${field.read(field.repair(owner))}`,
        apply: (config) => place(config, (old) => field.repair(old)),
      },
    },
  ];
}
