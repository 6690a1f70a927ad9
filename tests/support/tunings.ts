import { everySize, TUNINGS, type Tile, type Tuning } from '../../src/tensor/tuning.ts';

export const TILES: readonly Tile[] = ['32x32/4x4', '64x64/4x4', '64x64/8x4', '128x64/8x8', '128x128/8x8'];

/** Every way of adding up rows that an adapter could get, by name. */
export const REDUCTION_TUNINGS: [name: string, Tuning][] = [
  ...Object.entries(TUNINGS),
  ['gpu with subgroups', { ...TUNINGS.gpu, reductions: 'subgroup' }],
];

/** Every kernel of a matrix product that an adapter could get, by name. */
export const PRODUCT_TUNINGS: [name: string, Tuning][] = [
  ...Object.entries(TUNINGS),
  ['software with subgroups', { ...TUNINGS.software, matmul: 'quads' }],
  ...TILES.map((tile): [string, Tuning] => [tile, { ...TUNINGS.gpu, matmul: everySize(tile) }]),
];
