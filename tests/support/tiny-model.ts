import type { HierarchyConfig, ModelConfig, RunConfig } from '../../src/config/types.ts';

/** A hierarchy smaller than any preset's. */
export function tinyHierarchy(factor: number, changes: Partial<HierarchyConfig> = {}): HierarchyConfig {
  return { factor, stride: 1, dim: 8, heads: 1, dimHead: 8, ffMult: 2, window: null, ...changes };
}

/** A model smaller than `micro`: two hierarchies, one layer, 16 bytes of context. */
export function tinyModel(changes: Partial<ModelConfig> = {}): ModelConfig {
  return {
    numTokens: 256,
    depth: 1,
    contextLength: 16,
    hierarchies: [tinyHierarchy(1, { window: 4 }), tinyHierarchy(4)],
    predictFactor: null,
    mergeAll: false,
    predictAll: false,
    ablateMerge: false,
    reconWeight: 0.1,
    arWeight: 0.25,
    ignoreIndex: 0,
    ...changes,
  };
}

export function tinyRun(
  changes: { model?: Partial<ModelConfig>; training?: Partial<RunConfig['training']> } = {},
): RunConfig {
  return {
    model: tinyModel(changes.model),
    training: {
      batchSize: 2,
      accumulation: 1,
      steps: 30,
      learningRate: 3e-3,
      warmupSteps: 5,
      schedule: 'constant',
      weightDecay: 0,
      clip: 0.5,
      seed: 0,
      ...changes.training,
    },
    dataset: 'sample',
  };
}
