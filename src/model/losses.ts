import type { ModelConfig } from '../config/types.ts';
import { cosineLoss } from '../ops/cosine-loss.ts';
import { crossEntropy } from '../ops/cross-entropy.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Activations, HierarchicalTransformer } from './hierarchical-transformer.ts';

/** Where each figure of a step is in the loss record, an array of f32. Null where a hierarchy has no such loss. */
export interface RecordLayout {
  ce: number;
  recon: (number | null)[];
  ar: (number | null)[];
  gradNorm: number;
  /** 1 once something was not finite, until the host clears it. */
  nonFinite: number;
  size: number;
}

export function recordLayout({ hierarchies, reconWeight }: ModelConfig): RecordLayout {
  let next = 1;
  const recon = hierarchies.map(({ factor }) => (factor > 1 && reconWeight > 0 ? next++ : null));
  const ar = hierarchies.map(({ factor }) => (factor > 1 ? next++ : null));
  return { ce: 0, recon, ar, gradNorm: next, nonFinite: next + 1, size: next + 2 };
}

/** What losses read and write beside the activations. */
export interface LossContext {
  /** [B, length + 1] u32: inputs and, one further, labels. */
  ids: Tensor;
  length: number;
  hyper: Tensor;
  weightIndices: { ce: number; recon: number; ar: number };
  record: Tensor;
  /** Each loss is multiplied by this before it is added to the record: 1 / micro-batches. */
  recordScale: number;
}

/** Label of bytes that do not exist or do not count in a reconstruction, whatever the model's own ignoreIndex. */
export const RECON_IGNORE = 0;

/** Records next-byte loss, reconstruction and next-embedding loss of every hierarchy that has them. */
export function recordLosses(
  model: HierarchicalTransformer,
  { embeds, logits }: Activations,
  context: LossContext,
): void {
  const { config } = model;
  const layout = recordLayout(config);
  const { ids, length, hyper, weightIndices, record, recordScale } = context;
  const common = { hyper, record, recordScale };
  const bytes = { ...common, ids, classes: config.numTokens };

  config.hierarchies.forEach(({ factor, stride }, i) => {
    const toRecon = model.toRecon[i];
    const reconIndex = layout.recon[i];
    if (toRecon && reconIndex !== null) {
      crossEntropy({
        ...bytes,
        logits: toRecon.apply(embeds[i], { exact: true }), // [B, L, c V]
        weightIndex: weightIndices.recon,
        recordIndex: reconIndex,
        slots: factor,
        stride,
        offset: -(factor - 1),
        inputLength: length,
        ignoreIndex: RECON_IGNORE,
      });
    }
    const toNextEmbed = model.toNextEmbed[i];
    const arIndex = layout.ar[i];
    if (toNextEmbed && arIndex !== null) {
      const prediction = toNextEmbed.apply(embeds[i]);
      cosineLoss({
        ...common,
        prediction,
        target: embeds[i],
        shift: 1,
        weightIndex: weightIndices.ar,
        recordIndex: arIndex,
      });
    }
  });
  recordNextByteLoss(model, logits, context);
}

/** Records the next-byte loss alone: what validation needs. `rowLosses` [B, length] takes each position's own. */
export function recordNextByteLoss(
  model: HierarchicalTransformer,
  logits: Tensor,
  context: LossContext,
  rowLosses?: Tensor,
): void {
  const { ids, length, hyper, weightIndices, record, recordScale } = context;
  crossEntropy({
    logits,
    ids,
    hyper,
    weightIndex: weightIndices.ce,
    record,
    recordIndex: recordLayout(model.config).ce,
    recordScale,
    classes: model.config.numTokens,
    slots: 1,
    stride: 1,
    offset: 1,
    inputLength: length + 1,
    ignoreIndex: model.config.ignoreIndex,
    rowLosses,
  });
}
