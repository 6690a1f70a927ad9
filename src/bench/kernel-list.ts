import { attentionCase } from './cases/attention.ts';
import { depthwiseConvCase, stridedConvCase } from './cases/convolution.ts';
import { cosineCase, crossEntropyCase } from './cases/losses.ts';
import {
  biasGradientCase,
  inputGradientCase,
  productCase,
  weightGradientCase,
  fusedProductCase,
} from './cases/matmul.ts';
import { normCase } from './cases/norm.ts';
import { addCase, concatCase, embeddingCase } from './cases/rows.ts';
import { updateCase } from './cases/update.ts';
import { idOf, type KernelCase } from './kernel-case.ts';
import { presetCases } from './preset-cases.ts';
import { quickVariantCases, variantCases } from './variant-cases.ts';

/** 16 MB of f32. */
const LARGE = 2 ** 22;

/** Ascending in each family, so that what is measured tells whether the next one takes too long. */
export function fullList(): KernelCase[] {
  const preset = presetCases();
  const all = [
    ...preset.products,
    ...[256, 512, 1024, 2048, 4096].map((n) => productCase({ rows: n, k: n, n })),
    inputGradientCase({ rows: 1024, k: 1024, n: 1024 }),
    weightGradientCase({ rows: 1024, k: 1024, n: 1024 }),
    // Tall and skinny: many rows, few channels.
    ...[64, 128, 512].map((n) => weightGradientCase({ rows: 16_384, k: n, n })),
    ...[4096, 16_384].map((rows) => biasGradientCase(rows, 256)),
    ...preset.attentions,
    ...[512, 1024, 2048, 4096, 8192, 16_384].flatMap((tokens) => wideAttention(tokens, 64, 1)),
    ...[2048, 16_384].flatMap((tokens) => [...wideAttention(tokens, 16, 1), ...wideAttention(tokens, 64, 8)]),
    ...[512, 1024, 2048, 4096, 8192, 16_384].flatMap((tokens) => wideAttention(tokens, null, 1)),
    ...[2048, 16_384].flatMap((tokens) => wideAttention(tokens, null, 8)),
    ...preset.compressors,
    ...[
      { batch: 16, length: 128, channels: 64 },
      { batch: 1, length: 8192, channels: 512 },
    ].flatMap((shape) => [
      normCase({ ...shape, kind: 'rms', shift: 0 }),
      normCase({ ...shape, kind: 'rms', shift: 1 }),
      normCase({ ...shape, kind: 'layer', shift: 1 }),
    ]),
    concatCase(16, 128, [
      [1, 64],
      [1, 96],
    ]),
    concatCase(1, 4096, [
      [1, 128],
      [1, 256],
      [1, 512],
      [8, 1024],
    ]),
    crossEntropyCase(16, 128),
    crossEntropyCase(1, LARGE / 256),
    cosineCase(16, 128, 96),
    cosineCase(1, LARGE / 512, 512),
    embeddingCase(16, 128, 64),
    embeddingCase(1, LARGE / 512, 512),
    depthwiseConvCase(1, LARGE / 512, 512, 4),
    addCase(2 ** 17),
    addCase(LARGE),
    updateCase(2 ** 18),
    updateCase(LARGE),
    updateCase(4 * LARGE),
    ...variantCases(),
  ];
  // Some shapes of presets are among the large ones.
  return [...new Map(all.map((kernelCase) => [idOf(kernelCase), kernelCase])).values()];
}

/** One small case of every family: seconds on a software adapter. */
export function quickList(): KernelCase[] {
  const shape = { rows: 256, k: 64, n: 96 };
  return [
    productCase(shape),
    inputGradientCase(shape),
    weightGradientCase(shape),
    fusedProductCase(shape),
    biasGradientCase(512, 64),
    attentionCase({ batch: 2, tokens: 128, heads: 2, dimHead: 32, window: 16, dilation: 1 }),
    attentionCase({ batch: 1, tokens: 96, heads: 2, dimHead: 32, window: null, dilation: 4 }),
    stridedConvCase({ batch: 2, length: 64, channels: 16, outputs: 64, taps: 4, stride: 2 }),
    normCase({ batch: 2, length: 64, channels: 64, kind: 'rms', shift: 1 }),
    normCase({ batch: 2, length: 64, channels: 64, kind: 'layer', shift: 0 }),
    concatCase(2, 64, [
      [1, 32],
      [4, 48],
    ]),
    crossEntropyCase(2, 64),
    cosineCase(2, 64, 32),
    embeddingCase(2, 64, 32),
    depthwiseConvCase(2, 64, 32, 4),
    addCase(4096),
    updateCase(2 ** 14),
    ...quickVariantCases(),
  ];
}

function wideAttention(tokens: number, window: number | null, dilation: number): KernelCase[] {
  return [attentionCase({ batch: 1, tokens, heads: 8, dimHead: 64, window, dilation })];
}
