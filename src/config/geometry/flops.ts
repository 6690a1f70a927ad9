import { effectiveWindow } from '../effective-window.ts';
import type { HierarchyConfig, RunConfig } from '../types.ts';
import { feedForwardWidth, parameterCount, widths } from './parameters.ts';
import { attentionPairs, tokensOf, tokensPerStep } from './rows.ts';

/** Floating-point operations of one optimizer step; a multiply-add counts as two. */
export interface StepFlops {
  forward: number;
  backward: number;
  optimizer: number;
  total: number;
  /** The rule of thumb 6 * (parameters without the embedding) * bytes per step, to compare with other work. */
  simple: number;
}

// Forward is QK and PV; backward repeats QK and adds dV, dP, dQ and dK.
const ATTENTION_FORWARD_PRODUCTS = 2;
const ATTENTION_BACKWARD_PRODUCTS = 5;
/** Global norm, clip, two moments, root, quotient and update, per parameter. */
const OPTIMIZER_FLOPS = 16;

interface Work {
  /** Numbers multiplied and added in matrix products whose two factors both need a gradient. */
  matmul: number;
  /** The same in one product of attention; how many products there are differs between the passes. */
  attention: number;
}

function hierarchyWork(config: RunConfig, hierarchy: HierarchyConfig, embed: number): Work {
  const { model } = config;
  const { factor, stride, dim, heads, dimHead } = hierarchy;
  const length = tokensOf(model.contextLength, hierarchy);
  const inner = 4 * embed;
  const input = factor === 1 ? (embed === dim ? 0 : embed * dim) : factor * embed * inner + inner * dim;
  const recon = factor > 1 && model.reconWeight > 0 ? dim * factor * model.numTokens : 0;
  const prediction = factor > 1 ? dim * dim : 0;
  const window = effectiveWindow(model, hierarchy);
  const projections = window === 0 ? 0 : 4 * dim * heads * dimHead;
  const block = projections + 2 * dim * feedForwardWidth(hierarchy);
  const pairs = window === 0 ? 0 : attentionPairs(length, factor / stride, window);
  return {
    matmul: length * (input + recon + prediction + model.depth * block),
    attention: model.depth * pairs * heads * dimHead,
  };
}

/**
 * Counts matrix products and attention as they are computed, a local window with its window + 1 keys. Norms,
 * activations and the softmax itself, a few percent of a step, are left out.
 */
export function flopsPerStep(config: RunConfig): StepFlops {
  const { model, training } = config;
  const { embed, sum, merged, logitsIn } = widths(model);
  const merges = model.hierarchies.length > 1 && !model.ablateMerge ? model.depth : 0;
  const work: Work = {
    matmul: model.contextLength * (merges * (sum * 2 * merged + 2 * merged * merged) + logitsIn * model.numTokens),
    attention: 0,
  };
  for (const hierarchy of model.hierarchies) {
    const { matmul, attention } = hierarchyWork(config, hierarchy, embed);
    work.matmul += matmul;
    work.attention += attention;
  }
  const sequences = training.batchSize * training.accumulation;
  const forward = 2 * sequences * (work.matmul + ATTENTION_FORWARD_PRODUCTS * work.attention);
  const backward = 2 * sequences * (2 * work.matmul + ATTENTION_BACKWARD_PRODUCTS * work.attention);
  const parameters = parameterCount(model);
  const optimizer = OPTIMIZER_FLOPS * parameters.total;
  return {
    forward,
    backward,
    optimizer,
    total: forward + backward + optimizer,
    simple: 6 * (parameters.total - parameters.embed) * tokensPerStep(config),
  };
}
