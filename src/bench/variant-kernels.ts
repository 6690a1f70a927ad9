import type { DeviceInfo } from '../gpu/adapter-info.ts';
import type { ActivationType } from '../tensor/tensor.ts';
import { describeMatrix, tuningFor, type Tuning } from '../tensor/tuning.ts';
import type { KernelVariant } from './kernel-case.ts';

/** What a case is recorded with, or what it needs that the adapter does not have. */
export type VariantKernels = { tuning: Tuning; activations: ActivationType } | { missing: string };

/** The kernels of a variant on an adapter; without one, those that the adapter gets. */
export function variantKernels(info: DeviceInfo, variant: KernelVariant = { name: 'usual' }): VariantKernels {
  const { tuning, activations = 'f32', matrix, feature } = variant;
  if (feature && !info.features.includes(feature)) return { missing: feature };
  const wanted = { ...tuningFor(info), ...tuning };
  if (!matrix) return { tuning: wanted, activations };
  const subgroupMatrix = info.subgroupMatrices.find(
    ({ side, component }) => side === matrix.side && component === matrix.component,
  );
  if (!subgroupMatrix) return { missing: `subgroup matrices ${describeMatrix(matrix)}` };
  return { tuning: { ...wanted, subgroupMatrix }, activations };
}
