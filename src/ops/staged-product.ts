import { kernel, type Kernel, type Variant } from '../gpu/kernel.ts';
import type { Replacement } from '../gpu/replace-declarations.ts';
import type { SubgroupMatrix } from '../gpu/subgroup-matrix.ts';
import type { Tuning } from '../tensor/tuning.ts';
import { shapeClass, tiling } from './tiles.ts';

/** Side of what a workgroup makes of a product. */
const TILE = 64;
const INVOCATIONS = 128;
/** Workgroup memory that every adapter has. */
const WORKGROUP_BYTES = 16_384;

/** A shader of products whose operands are staged in workgroup memory, and one that does its work by subgroup matrices. */
export interface StagedShader {
  file: string;
  source: string;
  /** What takes the place of stand-ins of the shader. */
  standIns: readonly Replacement[];
  /** What takes the place of the shader's own where rows of the result are whole vectors of four. */
  vectors: Replacement;
  /** Stages operands for subgroup matrices. */
  matrix: Replacement;
}

export interface ProductForm {
  /** Rows and columns of the result, and the length of its sums. */
  m: number;
  n: number;
  k: number;
  /** In how many parts sums are cut. */
  parts: number;
  /** Whether all runs of both operands are whole vectors of four. */
  aligned: boolean;
  /** Whether all rows of the result are. */
  wholeRows: boolean;
}

export interface ProductKernel {
  kernel: Kernel;
  /** Workgroups that cover the result, in two dimensions. */
  workgroups: readonly [number, number];
  /** Whether the kernel binds both operands once more, as vectors of four. */
  bindsQuads: boolean;
}

/** The kernel for a product; null where the adapter gets one that stages nothing. */
export function stagedProduct(
  tuning: Tuning,
  form: ProductForm,
  { file, source, standIns, vectors, matrix }: StagedShader,
  overrides: Readonly<Record<string, number>>,
): ProductKernel | null {
  const { matmul, subgroupMatrix } = tuning;
  const { m, n, parts } = form;
  const QUADS = form.aligned ? 1 : 0;
  if (subgroupMatrix) {
    const variant = byMatrices(subgroupMatrix);
    const tile = tiling('64x64/8x4', m, n);
    const all = {
      ...variant,
      constants: { ...tile.constants, ...variant.constants },
      overrides: { ...overrides, QUADS },
      replacements: [...standIns, { ...matrix, entry: 'by_matrices' }],
    };
    return { kernel: kernel(file, source, 'by_matrices', all), workgroups: tile.workgroups, bindsQuads: true };
  }
  if (typeof matmul === 'string') return null;
  const tile = tiling(matmul[shapeClass(tuning, m, n, parts)], m, n);
  const all = {
    constants: tile.constants,
    overrides: { ...overrides, QUADS, ...tile.overrides },
    replacements: [...standIns, ...tile.replacements, ...(form.wholeRows ? [vectors] : [])],
  };
  return { kernel: kernel(file, source, 'tiled', all), workgroups: tile.workgroups, bindsQuads: true };
}

function byMatrices(matrix: SubgroupMatrix): Variant {
  const { side, component, subgroupSize } = matrix;
  const fragments = TILE / side;
  const subgroups = Math.max(1, Math.floor(INVOCATIONS / subgroupSize));
  // Blocks as square as can be: they load least for each product.
  const blocksDown = Math.min(fragments, 2 ** Math.floor(Math.log2(subgroups) / 2));
  const blocksAcross = Math.min(fragments, subgroups / blocksDown);
  const blocks = blocksDown * blocksAcross;
  return {
    constants: {
      TILE_K: stepsOfK(matrix, blocks),
      SIDE: side,
      DOWN: fragments / blocksDown,
      ACROSS: fragments / blocksAcross,
      BLOCKS_ACROSS: blocksAcross,
      BLOCKS: blocks,
    },
    halves: component === 'f16' ? ['Component'] : [],
  };
}

/** Staged at a time: as many as there is room for beside the sums of all blocks and of four outputs per invocation. */
function stepsOfK({ side, component }: SubgroupMatrix, blocks: number): number {
  const room = WORKGROUP_BYTES - 4 * blocks * side ** 2 - 16 * INVOCATIONS;
  const bytesPerStep = 2 * TILE * (component === 'f16' ? 2 : 4);
  return 32 * bytesPerStep <= room ? 32 : 16;
}
