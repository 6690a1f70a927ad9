import { flopsPerStep, tokensPerStep } from '../../config/costs.ts';
import { hierarchyTensors, parameterTensors, type ParameterTensor } from '../../config/costs/parameters.ts';
import { withModel } from '../../config/problem.ts';
import type { HierarchyConfig, RunConfig } from '../../config/types.ts';

/** How a quantity is divided: one part a hierarchy, and what belongs to none (embedding, merges, output). */
export interface Shares {
  hierarchies: number[];
  rest: number;
}

/** Parameters as shares of the whole. */
export function parameterShares({ model }: RunConfig): Shares {
  const sum = (tensors: readonly ParameterTensor[]): number =>
    tensors.reduce((total, { size, copies }) => total + size * copies, 0);
  return sharesOf(
    model.hierarchies.map((hierarchy) => sum(hierarchyTensors(model, hierarchy))),
    sum(parameterTensors(model)),
  );
}

/** Arithmetic of a step's forward and backward pass as shares of the whole. */
export function flopShares(config: RunConfig): Shares {
  const { hierarchies } = config.model;
  // The widest one sets the width of the embedding, and with it what the others' compressors cost.
  const widest = hierarchies.reduce((a, b) => (b.dim > a.dim ? b : a));
  const own = hierarchies.map((hierarchy) =>
    hierarchy === widest
      ? passes(only(config, [widest])) - outputFlops(config, widest)
      : passes(only(config, [widest, hierarchy])) - passes(only(config, [widest])),
  );
  return sharesOf(own, passes(config));
}

/** These hierarchies without merges, the first predicting. */
function only(config: RunConfig, hierarchies: HierarchyConfig[]): RunConfig {
  return withModel(config, {
    hierarchies,
    predictFactor: hierarchies[0].factor,
    predictAll: false,
    ablateMerge: true,
  });
}

function passes(config: RunConfig): number {
  const { forward, backward } = flopsPerStep(config);
  return forward + backward;
}

/** Of the product that gives the logits: forward once, backward twice, two operations a weight. */
function outputFlops(config: RunConfig, { dim }: HierarchyConfig): number {
  return 3 * 2 * tokensPerStep(config) * dim * config.model.numTokens;
}

function sharesOf(parts: number[], total: number): Shares {
  const hierarchies = parts.map((part) => part / total);
  return { hierarchies, rest: 1 - hierarchies.reduce((sum, share) => sum + share, 0) };
}
