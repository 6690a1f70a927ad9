// What a configuration costs, by arithmetic on its shapes alone: no GPU, well under a millisecond.
export { feedForwardWidth, parameterCount, parameterParts } from './geometry/parameters.ts';
export type { ParameterPart } from './geometry/parameters.ts';
export { flopsPerStep } from './geometry/flops.ts';
export { memoryEstimate } from './geometry/memory.ts';
export type { TensorBytes } from './geometry/memory.ts';
export { RESTORE_POINTS, restorePointBytes } from './geometry/restore-points.ts';
export { tokensPerStep } from './geometry/rows.ts';
export { secondsPerStep } from './geometry/step-time.ts';
export type { AdapterSpeed } from './geometry/step-time.ts';
