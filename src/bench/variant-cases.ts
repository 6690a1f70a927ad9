import { ALL_TILES } from '../ops/tiles.ts';
import { SUBGROUP_MATRIX_FEATURE } from '../gpu/subgroup-matrix.ts';
import { describeMatrix, everySize, TUNINGS, type Tuning } from '../tensor/tuning.ts';
import { attentionCase } from './cases/attention.ts';
import { gradientsCase, inputGradientCase, productCase, weightGradientCase } from './cases/matmul.ts';
import { normCase } from './cases/norm.ts';
import type { KernelCase, KernelVariant } from './kernel-case.ts';

/** Norms, at 16 MB: the largest of what sums over rows. */
const NORM = { batch: 1, length: 8192, channels: 512, kind: 'rms', shift: 1 } as const;

/**
 * Kernels of the same work beside each other, whichever of them the adapter gets: where a GPU and a CPU disagree about
 * what is fast, and whether the choice at start-up is right. Ascending in work, each size with all variants.
 */
export function variantCases(): KernelCase[] {
  const shapes = [
    { rows: 512, k: 64, n: 128 },
    { rows: 2048, k: 96, n: 192 },
    { rows: 1024, k: 1024, n: 1024 },
  ];
  return [
    ...shapes.flatMap((shape) =>
      [productCase(shape), inputGradientCase(shape), weightGradientCase(shape)].flatMap((product) =>
        products().map((variant) => inVariant(product, variant)),
      ),
    ),
    ...shapes.flatMap((shape) => gradients().map((variant) => inVariant(gradientsCase(shape), variant))),
    ...attentions().map((variant) =>
      inVariant(attentionCase({ batch: 1, tokens: 2048, heads: 8, dimHead: 64, window: 64, dilation: 1 }), variant),
    ),
    ...rowSums().map((variant) => inVariant(normCase(NORM), variant)),
  ];
}

/** The smallest of them, one for each shader that has variants. */
export function quickVariantCases(): KernelCase[] {
  const shape = { rows: 64, k: 32, n: 64 };
  return [
    ...products().map((variant) => inVariant(weightGradientCase(shape), variant)),
    ...gradients().map((variant) => inVariant(gradientsCase(shape), variant)),
    inVariant(attentionCase({ batch: 1, tokens: 96, heads: 2, dimHead: 32, window: 16, dilation: 1 }), HALF),
    inVariant(normCase({ batch: 2, length: 64, channels: 64, kind: 'rms', shift: 1 }), HALF),
  ];
}

function inVariant(kernelCase: KernelCase, variant: KernelVariant): KernelCase {
  const { family, shape } = kernelCase;
  return { ...kernelCase, family: `${family} by kernel`, shape: `${shape}, ${variant.name}`, variant };
}

function products(): KernelVariant[] {
  const of = (name: string, matmul: Tuning['matmul']): KernelVariant => ({ name, tuning: { matmul } });
  return [
    of('direct', 'direct'),
    { ...of('quads', 'quads'), feature: 'subgroups' },
    ...ALL_TILES.map((tile) => of(tile, everySize(tile))),
    HALF,
    ...MATRICES.map(byMatrices),
  ];
}

/** The adapter's own kernels with activations and their gradients of f16. */
const HALF: KernelVariant = { name: 'f16 activations', activations: 'f16', feature: 'shader-f16' };

/** Every form that our kernels can use; an adapter has one or two of them. */
const MATRICES = [
  { side: 16, component: 'f16' },
  { side: 8, component: 'f16' },
  { side: 8, component: 'f32' },
] as const;

function byMatrices(matrix: (typeof MATRICES)[number]): KernelVariant {
  // As runs have it: matrices of f16 multiply what is stored so.
  const { component } = matrix;
  return {
    name: `matrices ${describeMatrix(matrix)}`,
    matrix,
    activations: component,
    feature: SUBGROUP_MATRIX_FEATURE,
  };
}

function gradients(): KernelVariant[] {
  const { matmul } = TUNINGS.gpu;
  return [
    { name: 'at once', tuning: { matmul, jointGradients: true } },
    { name: 'one after the other', tuning: { matmul, jointGradients: false } },
  ];
}

function attentions(): KernelVariant[] {
  return [
    { name: 'direct', tuning: { attention: 'direct' } },
    { name: 'quads', tuning: { attention: 'quads' }, feature: 'subgroups' },
    { name: 'tiles', tuning: { attention: 'tiled' } },
    { name: 'tiles ahead', tuning: { attention: 'tiled ahead' } },
    HALF,
  ];
}

function rowSums(): KernelVariant[] {
  return [
    { name: 'one lane a row', tuning: { reductions: 'single' } },
    { name: 'workgroup memory', tuning: { reductions: 'shared' } },
    { name: 'subgroups', tuning: { reductions: 'subgroup' }, feature: 'subgroups' },
    HALF,
  ];
}
