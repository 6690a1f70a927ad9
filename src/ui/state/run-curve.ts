import { curveSteps } from '../../config/codec/curve-bytes.ts';
import type { RunCurve } from '../../config/codec/curve-bytes.ts';
import { encodeQuery } from '../../config/codec/encode.ts';
import type { RunConfig } from '../../config/types.ts';
import type { Column } from '../chart/column.ts';
import { nearest } from '../chart/search.ts';
import { changedSince } from './marks.ts';
import { RunMetrics } from './run-metrics.ts';
import type { RunRecord } from './runs.ts';

/** Why the curve of a run cannot go with a link to the form; null when it can. */
export function curveObstacle(
  run: Pick<RunRecord, 'config' | 'metrics' | 'firstWeights'> | undefined,
  form: RunConfig,
): string | null {
  if (run === undefined || run.metrics.lastStep === 0) return 'there is no run of yours yet';
  // A link tells one value of each setting, and who trains with that gets another curve.
  if (changedSince(run.metrics.marks).size > 0)
    return 'this run has taken up settings on the way, which a link cannot tell';
  if (run.firstWeights) return 'this run began with trained weights, which are not in a link';
  return encodeQuery(run.config) === encodeQuery(form) ? null : 'the form is no longer what this run was trained with';
}

/** What of a run goes into a link; null before its first step. */
export function curveOf({ model }: RunConfig, metrics: RunMetrics): RunCurve | null {
  const { lastStep, step, validationStep } = metrics;
  if (lastStep === 0) return null;
  const steps = curveSteps(lastStep);
  const sampled = (values: Column | undefined): Float64Array =>
    steps.map((at) => (values === undefined ? NaN : values.at(nearest(step, at))));
  // Fewer than the points of a curve: each validation has a point of its own.
  const validation = steps.map(() => NaN);
  for (let at = 0; at < validationStep.length; at++) {
    const point = nearestIndex(steps, validationStep.at(at));
    validation[point] = metrics.validation.y.at(at);
  }
  return {
    lastStep,
    seconds: metrics.activeSeconds.last,
    train: sampled(metrics.train.smoothed),
    validation,
    recon: sampled(metrics.recon[reconstructing(model)]?.smoothed),
  };
}

/** A curve as what a run has measured, for the charts; NaN for all that was not sent. Time is taken to pass evenly. */
export function metricsOf(curve: RunCurve, { model }: RunConfig): RunMetrics {
  const step = curveSteps(curve.lastStep);
  const nothing = step.map(() => NaN);
  const { hierarchies, reconWeight, arWeight } = model;
  const metrics = new RunMetrics(0);
  metrics.append(
    {
      runId: 0,
      step,
      trainBpb: curve.train,
      recon: hierarchies.map((_, index) => (index === reconstructing(model) ? curve.recon : null)),
      ar: hierarchies.map(() => null),
      gradNorm: nothing,
      learningRate: nothing,
      activeSeconds: step.map((at) => (curve.seconds * at) / curve.lastStep),
    },
    { reconWeight, arWeight },
  );
  curve.validation.forEach((bits, at) => {
    if (!Number.isNaN(bits)) metrics.appendValidation(step[at], bits);
  });
  return metrics;
}

/** Index of the hierarchy whose reconstruction a curve holds, the finest that has one; -1 without any. */
function reconstructing({ hierarchies, reconWeight }: RunConfig['model']): number {
  return reconWeight === 0 ? -1 : hierarchies.findIndex(({ factor }) => factor > 1);
}

function nearestIndex(steps: Float64Array, step: number): number {
  return steps.reduce((best, at, index) => (Math.abs(at - step) < Math.abs(steps[best] - step) ? index : best), 0);
}
