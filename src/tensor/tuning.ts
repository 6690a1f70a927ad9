import type { DeviceInfo } from '../gpu/adapter-info.ts';
import type { SubgroupMatrix } from '../gpu/subgroup-matrix.ts';

/**
 * Part of a matrix product that a workgroup makes, and that each of its invocations makes: rows x columns. In some, invocations
 * share the sums of a result `in 4` runs. Some read the operands' next steps while they multiply these.
 */
export type Tile =
  | '32x32/4x4'
  | '64x32/8x4'
  | '64x64/4x4'
  | '64x64/8x4'
  | '128x64/8x8'
  | '128x128/8x8'
  | '32x32/4x4 ahead'
  | '32x32/4x4 in 4'
  | '32x32/4x4 in 4 ahead'
  | '64x64/8x4 ahead'
  | '128x128/8x8 ahead';

/**
 * Sizes of matrix products, by how many large tiles there are to share among the processors; where there are `few` even of small
 * ones, processors idle unless invocations share sums.
 */
export type ShapeClass = 'few' | 'small' | 'medium' | 'large';

/**
 * Which kernel variants suit an adapter. Results may differ in rounding between tunings, never within one. What is said here to give
 * the same bits does so by the order of its sums; a compiler may still round otherwise, so bits are compared before time decides.
 */
export interface Tuning {
  /**
   * By tiles, operands are staged in workgroup memory; `direct` keeps them in registers, since a CPU pays dearly for
   * barriers; by `quads`, four invocations hand each other what they loaded, since it pays dearly for loads, too.
   */
  matmul: Readonly<Record<ShapeClass, Tile>> | 'direct' | 'quads';
  /**
   * The same choice for attention: by tiles, some of which are read `ahead`; by `quads`, four invocations also visit rows together.
   */
  attention: 'tiled' | 'tiled ahead' | 'direct' | 'quads';
  /**
   * Rows of an invocation of attention by tiles where heads are wider than 32 channels, 4 if it is not said. Two need half the
   * registers and load a tile for half as many rows.
   */
  rowsOfWideHeads?: 4 | 2;
  /** How many 64x64 tiles should be under way at once before splitting k stops paying. */
  parallelTiles: number;
  /**
   * Whether the sum over a row is the work of a `single` invocation, or shared among several: by workgroup memory, or by
   * operations of a `subgroup` as far as it reaches.
   */
  reductions: 'shared' | 'subgroup' | 'single';
  /** Invocations that share a row of logits: a power of two, at most 16. */
  lossLanes: number;
  /** Whether one dispatch makes both gradients of a linear map, where neither gets large tiles. Same bits either way. */
  jointGradients?: boolean;
  /** Whether one dispatch makes what several of one kernel would that do not wait for each other. Same bits either way. */
  sharedDispatches?: boolean;
  /** Subgroup matrices that products are made of instead of by `matmul`, where a run wants that. */
  subgroupMatrix?: SubgroupMatrix;
}

export const TUNINGS = {
  gpu: {
    matmul: { few: '32x32/4x4 in 4', small: '32x32/4x4', medium: '64x64/8x4', large: '128x128/8x8' },
    jointGradients: true,
    sharedDispatches: true,
    attention: 'tiled',
    rowsOfWideHeads: 4,
    parallelTiles: 256,
    reductions: 'shared',
    lossLanes: 16,
  },
  software: { matmul: 'direct', attention: 'direct', parallelTiles: 8, reductions: 'single', lossLanes: 1 },
} as const satisfies Record<string, Tuning>;

/**
 * For GPUs of a few dozen processors at most: fewer tiles keep all of them busy, and every further part of a weight's gradient has
 * only to be written, read and added up. Their invocations have fewer registers, too.
 */
export const SMALL_GPU: Tuning = { ...TUNINGS.gpu, parallelTiles: 64, rowsOfWideHeads: 2 };

/**
 * Who makes small GPUs, as adapters name them (Dawn, in a browser and under Node, and Safari). AMD and NVIDIA make others, too, and
 * nothing tells AMD's integrated ones from those, so they stay with the large ones, as does whoever is not named. This is not
 * measured: the number of parts decides how sums are rounded, and a link has to give the same losses on every visit.
 */
const MAKERS_OF_SMALL_GPUS = ['apple', 'arm', 'intel', 'qualcomm'];

type Adapter = Pick<DeviceInfo, 'vendor' | 'architecture' | 'description' | 'software' | 'features'>;

/** What was found out about adapters of this process. */
const chosen = new Map<string, Tuning>();

/** The variants to use on an adapter: those that were chosen for it, else those that suit its kind. */
export function tuningFor(info: Adapter): Tuning {
  return chosen.get(adapterKey(info)) ?? usualTuning(info);
}

function usualTuning({ vendor, software, features }: Adapter): Tuning {
  const usual = software ? TUNINGS.software : MAKERS_OF_SMALL_GPUS.includes(vendor) ? SMALL_GPU : TUNINGS.gpu;
  if (!features.includes('subgroups')) return usual;
  return software ? { ...usual, matmul: 'quads', attention: 'quads' } : { ...usual, reductions: 'subgroup' };
}

/**
 * The kernels of a run that computes activations twice, or does not. One that does wants little memory, and what hierarchies do at
 * once is in memory at once.
 */
export function tuningOfRun(tuning: Tuning, recompute: boolean): Tuning {
  return recompute && tuning.sharedDispatches ? { ...tuning, sharedDispatches: false } : tuning;
}

/** Has `tuningFor` give this from now on. */
export function rememberTuning(info: Adapter, tuning: Tuning): void {
  chosen.set(adapterKey(info), tuning);
}

/** Equal for adapters that are the same as far as anybody can tell. */
export function adapterKey({ vendor, architecture, description, software, features }: Adapter): string {
  return JSON.stringify([vendor, architecture, description, software, features]);
}

/** One tile for products of every size. */
export function everySize(tile: Tile): Record<ShapeClass, Tile> {
  return { few: tile, small: tile, medium: tile, large: tile };
}

/** All variants in words, for who wants to have a run again exactly. */
export function describeTuning(tuning: Tuning): string {
  const { attention, rowsOfWideHeads, parallelTiles, reductions, lossLanes, sharedDispatches } = tuning;
  return [
    `products ${describeProducts(tuning)}`,
    `attention ${attention}${rowsOfWideHeads === 2 ? ', two rows of wide heads' : ''}`,
    ...(sharedDispatches ? ['hierarchies share dispatches'] : []),
    `row sums ${reductions}`,
    `loss lanes ${lossLanes}`,
    `tiles at once ${parallelTiles}`,
  ].join('; ');
}

function describeProducts({ matmul, jointGradients, subgroupMatrix }: Tuning): string {
  if (subgroupMatrix) return `by subgroup matrices ${describeMatrix(subgroupMatrix)}`;
  if (typeof matmul === 'string') return matmul;
  const tiles = Object.entries(matmul).map((entry) => entry.join(' '));
  return [...tiles, ...(jointGradients ? ['both gradients at once'] : [])].join(', ');
}

/** As in `16x16 of f16`. */
export function describeMatrix({ side, component }: Pick<SubgroupMatrix, 'side' | 'component'>): string {
  return `${side}x${side} of ${component}`;
}
