/** How many copies of what a run has learned it keeps, to go back to one when it diverges. */
export const RESTORE_POINTS = 2;
/** All copies together; a model that needs more keeps none. One copy then fits any buffer that WebGPU guarantees. */
const MOST_BYTES = 256 * 2 ** 20;

/** Bytes of all restore points: weights and both of Adam's moments, each `parameterBytes` long; 0 when it keeps none. */
export function restorePointBytes(parameterBytes: number): number {
  const bytes = RESTORE_POINTS * 3 * parameterBytes;
  return bytes <= MOST_BYTES ? bytes : 0;
}
