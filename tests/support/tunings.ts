import { TUNINGS, type Tile, type Tuning } from '../../src/tensor/tuning.ts';

const everywhere = (tile: Tile): [string, Tuning] => [
  tile,
  { ...TUNINGS.gpu, matmul: { small: tile, medium: tile, large: tile } },
];

/** Every kernel of a matrix product that an adapter could get, by name. */
export const PRODUCT_TUNINGS: [name: string, Tuning][] = [
  ...Object.entries(TUNINGS),
  everywhere('32x32/4x4'),
  everywhere('64x64/4x4'),
  everywhere('64x64/8x4'),
  everywhere('128x64/8x8'),
  everywhere('128x128/8x8'),
];
