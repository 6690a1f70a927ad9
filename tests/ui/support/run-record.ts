import type { RunConfig } from '../../../src/config/types.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { plausibleMetrics } from './fake-worker.ts';

/** A run of that many steps that was validated every ten, with whole losses that are easy to tell: 100 - step. */
export function recordOf(name: string, config: RunConfig, steps: number, flopsPerStep: number): RunRecord {
  const metrics = new RunMetrics();
  const batch = plausibleMetrics(1, config, 1, steps, 10);
  metrics.append({ ...batch, trainBpb: batch.step.map((step) => 100 - step) }, config.model);
  for (let step = 10; step <= steps; step += 10) metrics.appendValidation(step, 100 - step);
  const model = { parameters: 1234, flopsPerStep, engineBytes: 1, pipelines: 1, dispatches: 1 };
  return { id: steps, origin: 'visit', name, preset: 'quick', config, text: null, metrics, model, pin: null };
}
