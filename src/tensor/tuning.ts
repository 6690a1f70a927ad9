import type { DeviceInfo } from '../gpu/device.ts';

/** Part of a matrix product that a workgroup makes, and that each of its invocations makes: rows x columns. */
export type Tile = '32x32/4x4' | '64x64/4x4' | '64x64/8x4' | '128x64/8x8' | '128x128/8x8';

/** Sizes of matrix products, by how many large tiles there are to share among the processors. */
export type ShapeClass = 'small' | 'medium' | 'large';

/** Which kernel variants suit an adapter. Results may differ in rounding between tunings, never within one. */
export interface Tuning {
  /**
   * By tiles, operands are staged in workgroup memory; `direct` keeps them in registers, since a CPU pays dearly for
   * barriers.
   */
  matmul: Readonly<Record<ShapeClass, Tile>> | 'direct';
  /** The same choice for attention. */
  attention: 'tiled' | 'direct';
  /** How many 64x64 tiles should be under way at once before splitting k stops paying. */
  parallelTiles: number;
  /** Whether the sum over a row is `shared` among invocations or the work of a `single` one. */
  reductions: 'shared' | 'single';
  /** Invocations that share a row of logits: a power of two, at most 16. */
  lossLanes: number;
}

export const TUNINGS = {
  gpu: {
    matmul: { small: '32x32/4x4', medium: '64x64/8x4', large: '128x128/8x8' },
    attention: 'tiled',
    parallelTiles: 256,
    reductions: 'shared',
    lossLanes: 16,
  },
  software: { matmul: 'direct', attention: 'direct', parallelTiles: 8, reductions: 'single', lossLanes: 1 },
} as const satisfies Record<string, Tuning>;

export function tuningFor(info: Pick<DeviceInfo, 'software'>): Tuning {
  return info.software ? TUNINGS.software : TUNINGS.gpu;
}
