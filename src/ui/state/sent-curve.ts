import { decodeCurve } from '../../config/codec/curve-text.ts';
import type { RunConfig } from '../../config/types.ts';
import { metricsOf } from './run-curve.ts';
import type { RunMetrics } from './run-metrics.ts';

/** Reads the curve of a link, of any origin, as what a run of that configuration has measured; or why it is none. Never throws. */
export async function readSentCurve(text: string, config: RunConfig): Promise<RunMetrics | string> {
  const curve = await decodeCurve(text);
  if (typeof curve === 'string') return curve;
  return curve.lastStep > config.training.steps ? 'has more steps than the run of this link' : metricsOf(curve, config);
}
