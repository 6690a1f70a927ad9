import type { DeviceInfo } from '../gpu/device.ts';

/** Which kernel variants suit an adapter. Results may differ in rounding between tunings, never within one. */
export interface Tuning {
  /** `tiled` stages operands in workgroup memory; `direct` keeps them in registers, since a CPU pays dearly for barriers. */
  matmul: 'tiled' | 'direct';
  /** How many 64x64 tiles should be under way at once before splitting k stops paying. */
  parallelTiles: number;
}

export const TUNINGS = {
  gpu: { matmul: 'tiled', parallelTiles: 256 },
  software: { matmul: 'direct', parallelTiles: 8 },
} as const satisfies Record<string, Tuning>;

export function tuningFor(info: Pick<DeviceInfo, 'software'>): Tuning {
  return info.software ? TUNINGS.software : TUNINGS.gpu;
}
