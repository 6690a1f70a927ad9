import { ALL_TILES } from '../../src/ops/tiles.ts';
import { everySize, TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';

/** Every way of adding up rows that an adapter could get, by name. */
export const REDUCTION_TUNINGS: [name: string, Tuning][] = [
  ...Object.entries(TUNINGS),
  ['gpu with subgroups', { ...TUNINGS.gpu, reductions: 'subgroup' }],
];

/** Every kernel of a matrix product that an adapter could get, by name. */
export const PRODUCT_TUNINGS: [name: string, Tuning][] = [
  ...Object.entries(TUNINGS),
  ['software with subgroups', { ...TUNINGS.software, matmul: 'quads' }],
  ...ALL_TILES.map((tile): [string, Tuning] => [tile, { ...TUNINGS.gpu, matmul: everySize(tile) }]),
];
