// What a configuration costs, by arithmetic on its shapes alone: no GPU, well under a millisecond.
export { feedForwardWidth, parameterCount, parameterParts } from './costs/parameters.ts';
export type { ParameterPart } from './costs/parameters.ts';
export { flopsPerStep } from './costs/flops.ts';
export { memoryEstimate } from './costs/memory.ts';
export type { TensorBytes } from './costs/memory.ts';
export { RESTORE_POINTS, restorePointBytes } from './costs/restore-points.ts';
export { tokensPerStep } from './costs/rows.ts';
export { secondsPerStep } from './costs/step-time.ts';
export type { AdapterSpeed } from './costs/step-time.ts';
