import { hasMerges } from '../has-merges.ts';
import { effectiveWindow } from '../effective-window.ts';
import type { HierarchyConfig, ModelConfig, RunConfig } from '../types.ts';
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

/** Products of one block of a hierarchy, for every token: projections, feed-forward without and with its last product. */
function blockWork(model: ModelConfig, hierarchy: HierarchyConfig) {
  const { dim, heads, dimHead } = hierarchy;
  const projections = effectiveWindow(model, hierarchy) === 0 ? 0 : 4 * dim * heads * dimHead;
  const feedForward = dim * feedForwardWidth(hierarchy);
  return { unfinished: projections + feedForward, whole: projections + 2 * feedForward };
}

/** Numbers multiplied and added in one product of attention, in one layer. */
function attentionWork(model: ModelConfig, hierarchy: HierarchyConfig): number {
  const { factor, stride, heads, dimHead } = hierarchy;
  const window = effectiveWindow(model, hierarchy);
  const length = tokensOf(model.contextLength, hierarchy);
  return window === 0 ? 0 : attentionPairs(length, factor / stride, window) * heads * dimHead;
}

function hierarchyWork(config: RunConfig, hierarchy: HierarchyConfig, embed: number): Work {
  const { model } = config;
  const { factor, dim } = hierarchy;
  const length = tokensOf(model.contextLength, hierarchy);
  const inner = 4 * embed;
  const input = factor === 1 ? (embed === dim ? 0 : embed * dim) : factor * embed * inner + inner * dim;
  const recon = factor > 1 && model.reconWeight > 0 ? dim * factor * model.numTokens : 0;
  const prediction = factor > 1 ? dim * dim : 0;
  return {
    matmul: length * (input + recon + prediction + model.depth * blockWork(model, hierarchy).whole),
    attention: model.depth * attentionWork(model, hierarchy),
  };
}

/**
 * Counts matrix products and attention as they are computed, a local window with its window + 1 keys. Norms,
 * activations and the softmax itself, a few percent of a step, are left out.
 */
export function flopsPerStep(config: RunConfig): StepFlops {
  const { model, training } = config;
  const { embed, sum, merged, logitsIn } = widths(model);
  const merges = hasMerges(model) ? model.depth : 0;
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

/**
 * What a step computes a second time to save memory: of every block and merge all but its last product, whose result was
 * kept. It makes the step longer but is no work of the model, so `flopsPerStep` does not count it.
 */
export function recomputedFlops({ model, training }: RunConfig): number {
  if (!training.recompute) return 0;
  const { sum, merged } = widths(model);
  const merge = hasMerges(model) ? model.contextLength * sum * 2 * merged : 0;
  const layer = model.hierarchies.reduce((total, hierarchy) => {
    const products = tokensOf(model.contextLength, hierarchy) * blockWork(model, hierarchy).unfinished;
    return total + products + ATTENTION_FORWARD_PRODUCTS * attentionWork(model, hierarchy);
  }, merge);
  return 2 * training.batchSize * training.accumulation * model.depth * layer;
}
