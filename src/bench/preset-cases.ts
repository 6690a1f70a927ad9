import { presetConfig, presets } from '../config/presets.ts';
import { effectiveWindow } from '../config/effective-window.ts';
import type { HierarchyConfig, RunConfig } from '../config/types.ts';
import { attentionCase } from './cases/attention.ts';
import { stridedConvCase } from './cases/convolution.ts';
import { fusedProductCase, inputGradientCase, productCase, weightGradientCase } from './cases/matmul.ts';
import type { KernelCase } from './kernel-case.ts';

type Of = (run: RunConfig, hierarchy: HierarchyConfig) => KernelCase[];

/** Rows of one hierarchy of one micro-batch. */
function rowsOf({ model, training }: RunConfig, { stride }: HierarchyConfig): number {
  return training.batchSize * Math.ceil(model.contextLength / stride);
}

const products: Of = (run, hierarchy) => {
  const { dim, ffMult } = hierarchy;
  const shape = { rows: rowsOf(run, hierarchy), k: dim, n: Math.trunc(dim * ffMult) };
  return [productCase(shape), inputGradientCase(shape), weightGradientCase(shape), fusedProductCase(shape)];
};

const attentions: Of = (run, hierarchy) => {
  const { factor, stride, heads, dimHead } = hierarchy;
  const window = effectiveWindow(run.model, hierarchy);
  const tokens = Math.ceil(run.model.contextLength / stride);
  return [attentionCase({ batch: run.training.batchSize, tokens, heads, dimHead, window, dilation: factor / stride })];
};

const compressors: Of = (run, hierarchy) => {
  const channels = Math.min(...run.model.hierarchies.map(({ dim }) => dim));
  const { factor, stride } = hierarchy;
  const { batchSize: batch } = run.training;
  const shape = { batch, length: run.model.contextLength, channels, outputs: 4 * channels, taps: factor, stride };
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
