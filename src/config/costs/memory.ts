import { hasMerges } from '../has-merges.ts';
import { effectiveWindow } from '../effective-window.ts';
import type { HierarchyConfig, RunConfig } from '../types.ts';
import { feedForwardWidth, parameterTensors, widths } from './parameters.ts';
import { restorePointBytes } from './restore-points.ts';
import { tokensOf } from './rows.ts';

const FLOAT_BYTES = 4;

/** Bytes of a number that an operation leaves behind, unless it must stay exact. */
function activationFloatBytes({ training }: RunConfig): number {
  return training.halfPrecision ? 2 : FLOAT_BYTES;
}

/** What kind of buffer a tensor lives in: a part of the weights, or a value of the current batch. */
type TensorKind = 'parameter' | 'activation';

/** One kind of tensor on the GPU: `copies` of `bytes` each. */
export interface TensorBytes {
  kind: TensorKind;
  /** What a person calls it, as in `reconstruction logits of 4×`. */
  label: string;
  bytes: number;
  copies: number;
}

/** Bytes on the GPU while training. */
export interface MemoryEstimate {
  weights: number;
  gradients: number;
  /** Adam's two moments. */
  moments: number;
  /** Copies of weights and moments to go back to. */
  restorePoints: number;
  /** Values that the backward pass reads, for one batch, as many as are alive at once. */
  activations: number;
  /** Gradients of activations and parts of gradients of parameters that are alive at once, an upper guess. */
  workspace: number;
  total: number;
  /** The largest that one binding has to hold; of what the engine may cut, one of the smallest blocks counts. */
  largest: TensorBytes;
}

/** Tensors that the forward pass of one batch keeps for the backward pass, by where they belong. */
interface ActivationTensors {
  /** Before the first layer. */
  first: TensorBytes[];
  /** After the last one; nobody needs them any more when the backward pass gets to the layers. */
  last: TensorBytes[];
  /** Of every layer: what its blocks and its merge give out. */
  results: TensorBytes[];
  /** Of every layer, for each block and for the merge: everything else. */
  inner: TensorBytes[][];
}

function hierarchyActivations(config: RunConfig, hierarchy: HierarchyConfig, embed: number): ActivationTensors {
  const { model } = config;
  const { factor, dim, heads, dimHead } = hierarchy;
  const rows = config.training.batchSize * tokensOf(model.contextLength, hierarchy);
  const floatBytes = activationFloatBytes(config);
  const tensor = (label: string, width: number, copies = 1, bytes = floatBytes): TensorBytes => ({
    kind: 'activation',
    label: `${label} of ${factor}×`,
    bytes: rows * width * bytes,
    copies,
  });
  const exact = (label: string, width: number, copies = 1) => tensor(label, width, copies, FLOAT_BYTES);
  const hidden = feedForwardWidth(hierarchy);
  const inner = 4 * embed;
  // The activation before and after its SiLU.
  const compressed = [tensor('compressor activation', inner, 2), tensor('compressor output', dim)];
  const losses = [
    ...(model.reconWeight > 0 ? [exact('reconstruction logits', factor * model.numTokens)] : []),
    tensor('hierarchical prediction', dim),
  ];
  const attention = [
    tensor('attention input', dim),
    tensor('attention qkv', 3 * heads * dimHead),
    tensor('attention result', heads * dimHead),
    exact('attention log-sum-exp', heads),
    tensor('attention residual', dim),
  ];
  return {
    first: [
      ...(factor > 1 ? compressed : embed === dim ? [] : [tensor('input projection', dim)]),
      tensor('normed tokens', dim),
      exact('norm statistics', 2),
    ],
    last: [tensor('normed tokens', dim), exact('norm statistics', 2), ...(factor > 1 ? losses : [])],
    results: [tensor('feed-forward residual', dim)],
    inner: [
      [
        ...(effectiveWindow(model, hierarchy) === 0 ? [] : attention),
        tensor('feed-forward input', dim),
        // Before and after its GELU.
        tensor('feed-forward activation', hidden, 2),
        // Mean and reciprocal deviation of every norm.
        exact('norm statistics', 2, 2),
      ],
    ],
  };
}

function activationTensors(config: RunConfig): ActivationTensors {
  const { model, training } = config;
  const { embed, sum, merged, logitsIn } = widths(model);
  const rows = training.batchSize * model.contextLength;
  const floatBytes = activationFloatBytes(config);
  const tensor = (label: string, width: number, copies = 1, bytes = floatBytes): TensorBytes => ({
    kind: 'activation',
    label,
    bytes: rows * width * bytes,
    copies,
  });
  const merges = hasMerges(model);
  const hierarchies = model.hierarchies.map((hierarchy) => hierarchyActivations(config, hierarchy, embed));
  const { predictAll } = model;
  return {
    first: [tensor('embedded bytes', embed), ...hierarchies.flatMap(({ first }) => first)],
    last: [
      ...hierarchies.flatMap(({ last }) => last),
      ...(predictAll && model.hierarchies.length > 1 ? [tensor('embeddings of all hierarchies', logitsIn)] : []),
      tensor('logits', model.numTokens, 1, FLOAT_BYTES),
    ],
    results: [...hierarchies.flatMap(({ results }) => results), ...(merges ? [tensor('merge residual', merged)] : [])],
    inner: [
      ...hierarchies.flatMap(({ inner }) => inner),
      // The activation before and after its SiLU.
      ...(merges ? [[tensor('merge input', sum), tensor('merge activation', 2 * merged, 2)]] : []),
    ],
  };
}

/** Bytes of activations alive at once. */
function activationBytes({ first, last, results, inner }: ActivationTensors, { model, training }: RunConfig): number {
  const between = sumOf(first) + model.depth * sumOf(results);
  // The losses, and then each block and merge, have what is within them for themselves.
  if (training.recompute) return between + Math.max(...[last, ...inner].map(sumOf));
  return between + sumOf(last) + model.depth * sumOf(inner.flat());
}

/** Parts of gradients of parameters are added up when so many bytes of them have gathered. */
export const MOST_PART_BYTES = 8 * 2 ** 20;
/** A gradient has no more parts than the batch has times so many rows. */
const ROWS_PER_PART = 64;

function partBytes({ model, training }: RunConfig, parameterBytes: number, isSideBySide: boolean): number {
  const parts = Math.ceil((training.batchSize * model.contextLength) / ROWS_PER_PART);
  // Hierarchies that go through a layer side by side leave theirs at the same time.
  const fillings = isSideBySide ? model.hierarchies.length : 1;
  return Math.min(fillings * MOST_PART_BYTES, parts * parameterBytes);
}

/** Numbers that the forward pass of one batch computes for the backward pass, and those that it computes twice. */
export function activationValues(config: RunConfig): { all: number; recomputed: number } {
  const { first, last, results, inner } = activationTensors(withFullPrecision(config));
  const { depth } = config.model;
  const layers = depth * sumOf(inner.flat());
  return {
    all: (sumOf([...first, ...last]) + depth * sumOf(results) + layers) / FLOAT_BYTES,
    recomputed: config.training.recompute ? layers / FLOAT_BYTES : 0,
  };
}

function flat({ first, last, results, inner }: ActivationTensors): TensorBytes[] {
  return [first, last, results, ...inner].flat();
}

/** What a model has to compute of a single sequence that it reads, for a text or to be inspected: in full precision always. */
function readingTensors(config: RunConfig): ActivationTensors {
  const { training } = config;
  return activationTensors({ ...config, training: { ...training, batchSize: 1, halfPrecision: false } });
}

function withFullPrecision(config: RunConfig): RunConfig {
  return { ...config, training: { ...config.training, halfPrecision: false } };
}

function sumOf(tensors: readonly TensorBytes[]): number {
  return tensors.reduce((total, { bytes, copies }) => total + bytes * copies, 0);
}

/**
 * Gradients alive at the widest point of the backward pass: both sides of every stream, and one widest layer or merge. Where hierarchies
 * go side by side, all layers of one depth, and first of all the gradients of what they predict.
 */
function gradientBytes(config: RunConfig, isSideBySide: boolean): number {
  const { model, training } = config;
  const rows = (hierarchy: HierarchyConfig): number =>
    training.batchSize * tokensOf(model.contextLength, hierarchy) * activationFloatBytes(config);
  const streams = model.hierarchies.reduce((total, hierarchy) => {
    const ofPrediction = hierarchy.factor > 1 && isSideBySide ? 1 : 0;
    return total + (2 + ofPrediction) * rows(hierarchy) * hierarchy.dim;
  }, 0);
  const layers = model.hierarchies.map(
    (hierarchy) =>
      rows(hierarchy) * Math.max(4 * hierarchy.heads * hierarchy.dimHead, feedForwardWidth(hierarchy) + hierarchy.dim),
  );
  const { sum, merged } = widths(model);
  const merge = training.batchSize * model.contextLength * activationFloatBytes(config) * (sum + 2 * merged);
  const layer = isSideBySide ? layers.reduce((total, bytes) => total + bytes, 0) : Math.max(...layers);
  return streams + Math.max(layer, hasMerges(model) ? merge : 0);
}

/**
 * Estimates what the run holds on the GPU. Parameters are exact at 16 bytes each, the rest follows from shapes.
 * @param sharesDispatches whether hierarchies share dispatches on the adapter, which they do only where nothing is recomputed
 */
export function memoryEstimate(config: RunConfig, sharesDispatches = true): MemoryEstimate {
  const isSideBySide = sharesDispatches && !config.training.recompute;
  const parameters = parameterTensors(config.model).map(({ label, size, copies, blocks = 1 }): TensorBytes => ({
    kind: 'parameter',
    label,
    bytes: (size * FLOAT_BYTES) / blocks,
    copies: copies * blocks,
  }));
  const activations = activationTensors(config);
  const estimate = {
    weights: sumOf(parameters),
    gradients: sumOf(parameters),
    moments: 2 * sumOf(parameters),
    restorePoints: restorePointBytes(sumOf(parameters)),
    activations: activationBytes(activations, config),
    workspace: gradientBytes(config, isSideBySide) + partBytes(config, sumOf(parameters), isSideBySide),
  };
  return {
    ...estimate,
    total: Object.values(estimate).reduce((total, bytes) => total + bytes, 0),
    largest: [parameters, flat(activations), flat(readingTensors(config))]
      .flat()
      .reduce((a, b) => (b.bytes > a.bytes ? b : a)),
  };
}
