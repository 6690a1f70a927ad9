import lanesSource from '../../shaders/lanes.wgsl?raw';
import planesSource from '../../shaders/planes.wgsl?raw';
import type { Replacement } from '../gpu/replace-declarations.ts';
import type { Graph } from '../tensor/graph.ts';
import { sizeOf, type Tensor } from '../tensor/tensor.ts';
import type { Tile, ShapeClass, Tuning } from '../tensor/tuning.ts';

interface TileForm {
  /** Invocations of a workgroup, down and across. */
  lanes: readonly [number, number];
  /** Blocks of 4x4 that each of them makes, down and across. */
  blocks: readonly [number, number];
  /** So many such planes of invocations each have a run of the steps of k. */
  planes?: 4;
  /** Whether the operands' next steps are read while these are multiplied, for registers of a block of 4x4 more. */
  ahead?: true;
}

/**
 * What a workgroup makes of a matrix product, and each invocation of it. More results per invocation mean more arithmetic
 * per load from workgroup memory (64 multiply-adds per four vectors at 8x8, 16 per two at 4x4), but more registers, and
 * fewer invocations to hide behind. All stage 16 steps of k: two vectors per invocation or more, and the largest tile then
 * takes the 16 KiB of workgroup memory and the 256 invocations that every adapter has. Reading ahead hides what memory
 * takes to answer where a processor has few workgroups to turn to meanwhile; it needs an invocation for each block that
 * is staged. Planes wait for memory a quarter as often, one beside the other; they take as much as the largest tile.
 */
const TILES: Record<Tile, TileForm> = {
  '32x32/4x4': { lanes: [8, 8], blocks: [1, 1] },
  '64x32/8x4': { lanes: [8, 8], blocks: [2, 1] },
  '64x64/4x4': { lanes: [16, 16], blocks: [1, 1] },
  '64x64/8x4': { lanes: [8, 16], blocks: [2, 1] },
  '128x64/8x8': { lanes: [16, 8], blocks: [2, 2] },
  '128x128/8x8': { lanes: [16, 16], blocks: [2, 2] },
  '32x32/4x4 ahead': { lanes: [8, 8], blocks: [1, 1], ahead: true },
  '32x32/4x4 in 4': { lanes: [8, 8], blocks: [1, 1], planes: 4 },
  '32x32/4x4 in 4 ahead': { lanes: [8, 8], blocks: [1, 1], planes: 4, ahead: true },
  '64x64/8x4 ahead': { lanes: [8, 16], blocks: [2, 1], ahead: true },
  '128x128/8x8 ahead': { lanes: [16, 16], blocks: [2, 2], ahead: true },
};

export const ALL_TILES = Object.keys(TILES) as Tile[];

/** The choice among tiles for an (m, n) product whose k is cut into `parts`. */
export function shapeClass({ parallelTiles }: Tuning, m: number, n: number, parts: number): ShapeClass {
  // A tile that sticks out computes for nothing, and tiles that are too few leave processors idle: both outweigh what a
  // larger tile saves in loads.
  const suits = (side: number, filled: number): boolean => {
    const count = workgroups(side, m, n);
    return count * parts >= parallelTiles / 2 && m * n >= filled * side ** 2 * count;
  };
  if (suits(128, 0.7)) return 'large';
  if (suits(64, 0.8)) return 'medium';
  // As many as a quarter of them would be 64x64 tiles that are too few.
  return workgroups(32, m, n) * parts < 2 * parallelTiles ? 'few' : 'small';
}

/** How many runs a sum is cut in that is made in such a tile. */
export function planesOf(tile: Tile): number {
  return TILES[tile].planes ?? 1;
}

function workgroups(side: number, m: number, n: number): number {
  return Math.ceil(m / side) * Math.ceil(n / side);
}

/** Which block of a tile each lane has, such that neighbours share what they read: of products by tiles, and of attention. */
export const LANES: Replacement = { file: 'lanes', source: lanesSource, names: ['own_block'] };

const PLANES: Replacement = { file: 'planes', source: planesSource, names: ['keep', 'kept'] };

interface Tiling {
  /** Of the kernels that stage tiles: sizes, and what is left out of them. */
  constants: Record<string, number>;
  overrides: Record<string, number>;
  replacements: readonly Replacement[];
  /** So many cover (m, n), across and down. */
  workgroups: readonly [number, number];
}

/** How to call the kernels that stage tiles. */
export function tiling(tile: Tile, m: number, n: number): Tiling {
  const { lanes, blocks, planes, ahead } = TILES[tile];
  return {
    constants: {
      LANES_M: lanes[0],
      LANES_N: lanes[1],
      BLOCKS_M: blocks[0],
      BLOCKS_N: blocks[1],
      ...(planes && { LANES_K: planes }),
    },
    overrides: ahead ? { AHEAD: 1 } : {},
    replacements: planes ? [LANES, PLANES] : [LANES],
    workgroups: [Math.ceil(n / (4 * lanes[1] * blocks[1])), Math.ceil(m / (4 * lanes[0] * blocks[0]))],
  };
}

/** Whether runs of a matrix that begin at multiples of all these numbers are whole vectors of four. */
export function areQuads(...numbers: number[]): boolean {
  return numbers.every((number) => number % 4 === 0);
}

/** What to bind where a kernel could read vectors of four: the same memory, unless it is too short for one. */
export function asQuads(graph: Graph, tensor: Tensor): Tensor {
  return sizeOf(tensor.shape) >= 4 ? tensor : graph.temporary('unused', [4], { dtype: tensor.dtype });
}
