import { kernel } from '../gpu/kernel.ts';
import type { Replacement } from '../gpu/replace-declarations.ts';
import { grid } from '../tensor/grid.ts';
import type { Tuning } from '../tensor/tuning.ts';
import type { ProductForm, ProductKernel } from './staged-product.ts';

/** A shader of products that keeps operands in registers, and its work by quads. */
export interface UnstagedShader {
  file: string;
  source: string;
  /** What takes the place of stand-ins of the shader. */
  standIns: readonly Replacement[];
  quads: { file: string; source: string };
}

/** A subgroup of eight is whole with two, and two processors have work with four tiles. */
const QUADS_PER_WORKGROUP = 2;

/** The kernel for a product, by quads where that suits the adapter. */
export function unstagedProduct(
  { matmul }: Tuning,
  form: ProductForm,
  { file, source, standIns, quads }: UnstagedShader,
  overrides: Readonly<Record<string, number>>,
): ProductKernel {
  if (matmul === 'quads') {
    const replacements = [...standIns, { ...quads, names: [], entry: 'by_quads' }];
    const large = isLarge(form);
    const all = { ...overrides, QUADS: form.aligned ? 1 : 0, LARGE: large ? 1 : 0 };
    return {
      kernel: kernel(file, source, 'by_quads', { overrides: all, replacements }),
      workgroups: covering(form, large ? 32 : 16, QUADS_PER_WORKGROUP),
      bindsQuads: true,
    };
  }
  // Sixteen invocations of 8x8 each.
  return {
    kernel: kernel(file, source, 'direct', { overrides, replacements: standIns }),
    workgroups: covering(form, 8, 16),
    bindsQuads: false,
  };
}

/** Workgroups that make so many squares each of a product, numbered through. */
function covering({ m, n }: ProductForm, side: number, each: number): [number, number] {
  const [x, y] = grid(Math.ceil(m / side) * Math.ceil(n / side), each);
  return [x, y];
}

/** Multiply-adds of a product that is worth a pipeline which takes longer to compile. */
const MUCH = 4_000_000;

/** Whether tiles of 32x32 pay, and leave hardly more of themselves empty than those of 16x16. */
function isLarge({ m, n, k }: ProductForm): boolean {
  const [small, large] = [16, 32].map((side) => Math.ceil(m / side) * Math.ceil(n / side) * side ** 2);
  return large <= 1.1 * small && m * n * k >= MUCH;
}
