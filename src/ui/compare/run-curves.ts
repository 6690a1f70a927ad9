import { encodeCurve } from '../../config/codec/curve-text.ts';
import { curveObstacle, curveOf } from '../state/run-curve.ts';
import type { RunRecord } from '../state/runs.ts';

/** The curves of some runs as links carry them, by their numbers; without those that the link of their run would not lead to. */
export async function encodedCurves(
  runs: readonly Pick<RunRecord, 'id' | 'config' | 'metrics'>[],
): Promise<ReadonlyMap<number, string>> {
  const encoded = runs.map(async (run) => {
    const curve = curveObstacle(run, run.config) === null ? curveOf(run.config, run.metrics) : null;
    return curve === null ? [] : [[run.id, await encodeCurve(curve)] as const];
  });
  return new Map((await Promise.all(encoded)).flat());
}
