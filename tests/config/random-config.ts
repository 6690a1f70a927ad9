import { presetConfig, presets } from '../../src/config/presets.ts';
import type { PresetId } from '../../src/config/presets.ts';
import type { HierarchyConfig, RunConfig } from '../../src/config/types.ts';

/** Numbers in [0, 1) that are the same in every run (Park and Miller's minimal standard generator). */
export function seededRandom(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A configuration that breaks no rule, spread over all of the allowed values, and a preset to count it from. */
export function randomConfig(seed: number): { config: RunConfig; preset: PresetId } {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)];
  const sometimes = <T>(value: T, otherwise: T): T => (random() < 0.5 ? value : otherwise);

  const preset = pick(presets).id;
  const base = presetConfig(preset);
  const exponents = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter(() => random() < 0.3).slice(0, 8);
  const factors = (exponents.length > 0 ? exponents : [0]).map((exponent) => 2 ** exponent);
  const predictFactor = sometimes(null, pick(factors));
  const hierarchy = (factor: number): HierarchyConfig => {
    const like = base.model.hierarchies.find((other) => other.factor === factor) ?? base.model.hierarchies[0];
    const predicts = factor === (predictFactor ?? factors[0]);
    return {
      factor,
      stride: predicts ? 1 : 2 ** below(Math.log2(factor) + 1),
      dim: sometimes(like.dim, 1 + below(8192)),
      heads: sometimes(like.heads, 1 + below(128)),
      dimHead: sometimes(like.dimHead, 2 * (1 + below(64))),
      ffMult: sometimes(like.ffMult, pick([1, 1.5, 2.75, 1 / 3 + 1, 32])),
      window: sometimes(like.window, pick([null, 0, 1, 33, 65536])),
    };
  };
  return {
    preset,
    config: {
      model: {
        ...base.model,
        depth: sometimes(base.model.depth, 1 + below(64)),
        contextLength: sometimes(base.model.contextLength, 2 + below(65535)),
        hierarchies: factors.map(hierarchy),
        predictFactor,
        mergeAll: sometimes(false, true),
        predictAll: sometimes(false, true),
        ablateMerge: sometimes(false, true),
        reconWeight: sometimes(0.1, pick([0, 1e-7, 1000, random()])),
        arWeight: sometimes(0.25, pick([0, 3, random()])),
        ignoreIndex: sometimes<number | null>(0, pick([null, 255])),
      },
      training: {
        batchSize: sometimes(base.training.batchSize, 1 + below(4096)),
        accumulation: sometimes(base.training.accumulation, 1 + below(1024)),
        steps: sometimes(base.training.steps, 1 + below(1e7)),
        learningRate: sometimes(base.training.learningRate, pick([0, 1000, 6e-4, random(), random() * 1e-6])),
        warmupSteps: sometimes(20, below(1e7)),
        schedule: sometimes('constant', 'cosine'),
        weightDecay: sometimes(0, pick([0.01, 10, random()])),
        clip: sometimes(0.5, pick([0, 1e6, random()])),
        seed: sometimes(0, pick([4294967295, below(1e9)])),
        // Absent is no, which a link leaves out.
        ...sometimes({}, { recompute: true }),
        ...sometimes({}, { halfPrecision: true }),
        ...sometimes({}, { subgroupMatrices: true }),
      },
      dataset: pick(['sample', 'enwik8', 'own']),
    },
  };
}
