/** How the file of a run is read and written. Loaded when that is wanted, which few visits do. */
import { curveHistory } from '../../protocol/curve-file.ts';
import { CURVE } from '../../protocol/run-file.ts';
import type { RunHistory } from '../../protocol/run-history.ts';
import { readTensorOf, type SafetensorsHead } from '../../protocol/safetensors.ts';

export { curveTensors } from '../../protocol/curve-file.ts';
export { isOfModel, MODEL_ALONE, summariseRun, WITH_CURVE } from '../../protocol/run-file.ts';
export { someTensors, withTensors } from '../../protocol/safetensors.ts';

export function hasCurveIn({ arrays }: SafetensorsHead): boolean {
  return Object.keys(arrays).some((name) => name.startsWith(CURVE));
}

/** A curve that cannot be read is none: the run can go on without. */
export async function readCurve(
  file: Blob,
  head: SafetensorsHead,
  factors: readonly number[],
): Promise<RunHistory | null> {
  try {
    const names = Object.keys(head.arrays).filter((name) => name.startsWith(CURVE));
    const read = names.map(async (name) => [name, await readTensorOf(file, head, name)] as const);
    return curveHistory(new Map(await Promise.all(read)), factors);
  } catch {
    return null;
  }
}
