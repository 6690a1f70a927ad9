import { effectiveWindow } from '../effective-window.ts';
import { predictingIndex } from '../predicting-hierarchy.ts';
import type { HierarchyConfig, ModelConfig } from '../types.ts';

/** Parts of the model between which the parameters are divided. */
export const parameterParts = [
  'embed',
  'compress',
  'recon',
  'ar',
  'norms',
  'attention',
  'ff',
  'merge',
  'logits',
] as const;

export type ParameterPart = (typeof parameterParts)[number];

/** Numbers of parameters; the parts add up to `total`. Norms of attention, feed-forward and merge count with those. */
export type ParameterCount = Record<ParameterPart, number> & { total: number };

/** One kind of parameter tensor: `copies` tensors (one a layer) of `size` numbers each. */
export interface ParameterTensor {
  part: ParameterPart;
  /** What a person calls it, as in `compressor convolution of 4×`. */
  label: string;
  size: number;
  copies: number;
  /** Into so many blocks the engine may cut each tensor where no binding holds it whole; absent is 1. */
  blocks?: number;
}

/** Widths that several parts share. */
export interface Widths {
  /** E, width of the byte embedding: the widest hierarchy's. */
  embed: number;
  /** S, all hierarchies side by side. */
  sum: number;
  /** Width of what the merge gives out. */
  merged: number;
  /** Width of what the logits are computed from. */
  logitsIn: number;
}

export function widths(model: ModelConfig): Widths {
  const dims = model.hierarchies.map((hierarchy) => hierarchy.dim);
  const sum = dims.reduce((total, dim) => total + dim, 0);
  const predicting = dims[predictingIndex(model)] ?? 0;
  return {
    embed: Math.max(0, ...dims),
    sum,
    merged: model.mergeAll ? sum : predicting,
    logitsIn: model.predictAll ? sum : predicting,
  };
}

/** Hidden width of a hierarchy's feed-forward network. */
export function feedForwardWidth(hierarchy: Pick<HierarchyConfig, 'dim' | 'ffMult'>): number {
  return Math.trunc(hierarchy.dim * hierarchy.ffMult);
}

function compressor(model: ModelConfig, hierarchy: HierarchyConfig, embed: number): ParameterTensor[] {
  const { factor, dim } = hierarchy;
  const tensor = (label: string, size: number, part: ParameterPart = 'compress'): ParameterTensor => ({
    part,
    label: `${label} of ${factor}×`,
    size,
    copies: 1,
  });
  if (factor === 1) return embed === dim ? [] : [tensor('input projection', embed * dim)];
  const inner = 4 * embed;
  return [
    { ...tensor('compressor convolution', embed * inner * factor), blocks: inner },
    tensor('compressor convolution bias', inner),
    tensor('compressor projection', inner * dim),
    tensor('compressor projection bias', dim),
    ...(model.reconWeight > 0 ? [tensor('reconstruction head', dim * factor * model.numTokens, 'recon')] : []),
    tensor('hierarchical prediction head', dim * dim, 'ar'),
    tensor('hierarchical prediction bias', dim, 'ar'),
  ];
}

function block(model: ModelConfig, hierarchy: HierarchyConfig): ParameterTensor[] {
  const { factor, dim, heads, dimHead } = hierarchy;
  const tensor = (part: ParameterPart, label: string, size: number): ParameterTensor => ({
    part,
    label: `${label} of ${factor}×`,
    size,
    copies: model.depth,
  });
  const window = effectiveWindow(model, hierarchy);
  const hidden = feedForwardWidth(hierarchy);
  const attention = [
    // RMSNorm before full attention has a gain; LayerNorm before local attention has a gain and a bias.
    tensor('attention', 'attention norm', window === null ? dim : 2 * dim),
    tensor('attention', 'qkv projection', 3 * heads * dimHead * dim),
    tensor('attention', 'attention output', heads * dimHead * dim),
  ];
  return [
    ...(window === 0 ? [] : attention),
    tensor('ff', 'feed-forward norm', dim),
    tensor('ff', 'feed-forward input', dim * hidden),
    tensor('ff', 'feed-forward output', hidden * dim),
  ];
}

function merge(model: ModelConfig, { sum, merged }: Widths): ParameterTensor[] {
  // Under ablation the model keeps these and does not train them.
  if (model.hierarchies.length < 2) return [];
  const tensor = (label: string, size: number): ParameterTensor => ({
    part: 'merge',
    label: `merge ${label}`,
    size,
    copies: model.depth,
  });
  return [
    tensor('norm', sum),
    tensor('input', sum * 2 * merged),
    tensor('input bias', 2 * merged),
    tensor('output', 2 * merged * merged),
    tensor('output bias', merged),
  ];
}

/** The tensors of one hierarchy of the model. */
export function hierarchyTensors(model: ModelConfig, hierarchy: HierarchyConfig): ParameterTensor[] {
  return [
    ...compressor(model, hierarchy, widths(model).embed),
    // Two LayerNorms, after the compressor and after the last layer, each with gain and bias.
    { part: 'norms', label: `norm of ${hierarchy.factor}×`, size: hierarchy.dim, copies: 4 },
    ...block(model, hierarchy),
  ];
}

/** Every parameter tensor of the model, the layers' together. */
export function parameterTensors(model: ModelConfig): ParameterTensor[] {
  const shared = widths(model);
  return [
    { part: 'embed', label: 'byte embedding', size: model.numTokens * shared.embed, copies: 1 },
    ...model.hierarchies.flatMap((hierarchy) => hierarchyTensors(model, hierarchy)),
    ...merge(model, shared),
    { part: 'logits', label: 'output layer', size: shared.logitsIn * model.numTokens, copies: 1 },
  ];
}

/** Exact number of parameters, by part. */
export function parameterCount(model: ModelConfig): ParameterCount {
  const count: ParameterCount = {
    embed: 0,
    compress: 0,
    recon: 0,
    ar: 0,
    norms: 0,
    attention: 0,
    ff: 0,
    merge: 0,
    logits: 0,
    total: 0,
  };
  for (const { part, size, copies } of parameterTensors(model)) {
    count[part] += size * copies;
    count.total += size * copies;
  }
  return count;
}
