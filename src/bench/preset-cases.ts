import { feedForwardWidth, widths } from '../config/costs/parameters.ts';
import { tokensOf } from '../config/costs/rows.ts';
import { presetConfig, presets } from '../config/presets.ts';
import { effectiveWindow } from '../config/effective-window.ts';
import type { HierarchyConfig, RunConfig } from '../config/types.ts';
import { ParameterStore } from '../tensor/parameter-store.ts';
import { attentionCase } from './cases/attention.ts';
import { stridedConvCase } from './cases/convolution.ts';
import { fusedProductCase, inputGradientCase, productCase, weightGradientCase } from './cases/matmul.ts';
import type { KernelCase } from './kernel-case.ts';

type Of = (run: RunConfig, hierarchy: HierarchyConfig) => KernelCase[];

/** Rows of one hierarchy of one micro-batch. */
function rowsOf({ model, training }: RunConfig, hierarchy: HierarchyConfig): number {
  return training.batchSize * tokensOf(model.contextLength, hierarchy);
}

const products: Of = (run, hierarchy) => {
  const shape = { rows: rowsOf(run, hierarchy), k: hierarchy.dim, n: feedForwardWidth(hierarchy) };
  return [productCase(shape), inputGradientCase(shape), weightGradientCase(shape), fusedProductCase(shape)];
};

const attentions: Of = (run, hierarchy) => {
  const { factor, stride, heads, dimHead } = hierarchy;
  const window = effectiveWindow(run.model, hierarchy);
  const tokens = tokensOf(run.model.contextLength, hierarchy);
  return [attentionCase({ batch: run.training.batchSize, tokens, heads, dimHead, window, dilation: factor / stride })];
};

const compressors: Of = (run, hierarchy) => {
  const channels = widths(run.model).embed;
  const { factor, stride } = hierarchy;
  const { batchSize: batch } = run.training;
  // The first block of a weight that no binding would hold.
  const [outputs] = new ParameterStore().rowBlocks([4 * channels, factor, channels]);
  const shape = { batch, length: run.model.contextLength, channels, outputs, taps: factor, stride };
  return factor > 1 ? [stridedConvCase(shape)] : [];
};

/** Feed-forward products, attention and compressors of every hierarchy of every preset; some shapes occur twice. */
export function presetCases(): KernelCase[] {
  const of = (kind: Of): KernelCase[] =>
    presets.flatMap(({ id }) => {
      const run = presetConfig(id);
      return run.model.hierarchies.flatMap((hierarchy) => kind(run, hierarchy));
    });
  return [products, attentions, compressors].flatMap(of);
}
