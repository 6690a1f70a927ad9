import { kernel, type Kernel } from '../gpu/kernel.ts';
import { grid } from '../tensor/grid.ts';
import type { Tuning } from '../tensor/tuning.ts';

/** A shader of products that keeps operands in registers, and its work by quads. */
export interface UnstagedShader {
  file: string;
  source: string;
  quads: { file: string; source: string };
}

const ADDED = ['by_quads', 'store_block', 'swap_x', 'swap_y', 'swap_diagonal'];

/** The kernel for an (m, n) product, by quads where that suits the adapter, and how many workgroups cover it. */
export function unstagedProduct(
  { matmul }: Tuning,
  { m, n }: { m: number; n: number },
  { file, source, quads }: UnstagedShader,
  overrides: Readonly<Record<string, number>>,
): { kernel: Kernel; workgroups: readonly [number, number, number] } {
  if (matmul === 'quads') {
    const replacement = { ...quads, names: [], added: ADDED };
    // Four quads of 16x16 each.
    const workgroups = grid(Math.ceil(m / 16) * Math.ceil(n / 16), 4);
    return { kernel: kernel(file, source, 'by_quads', { overrides, replacement }), workgroups };
  }
  // Sixteen invocations of 8x8 each.
  const workgroups = grid(Math.ceil(m / 8) * Math.ceil(n / 8), 16);
  return { kernel: kernel(file, source, 'direct', { overrides }), workgroups };
}
