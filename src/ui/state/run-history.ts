import type { MetricsBatch } from '../../protocol/events.ts';
import type { LossWeights, RunHistory } from '../../protocol/run-history.ts';
import type { Column } from '../chart/column.ts';
import type { Series } from '../chart/series.ts';
import { RunMetrics } from './run-metrics.ts';

/** All of it in arrays of its own; or without the first steps of the curve. */
export function historyOf(metrics: RunMetrics, without = 0): RunHistory {
  const { passes } = metrics;
  const copy = (column: Column): Float64Array => column.view().slice(without);
  const copyOrNull = (series: Series | null): Float64Array | null => series && copy(series.y);
  const batch: MetricsBatch = {
    runId: 0,
    step: copy(metrics.step),
    trainBpb: copy(metrics.train.y),
    recon: metrics.recon.map(copyOrNull),
    ar: metrics.ar.map(copyOrNull),
    gradNorm: copy(metrics.gradNorm.y),
    learningRate: copy(metrics.learningRate.y),
    activeSeconds: copy(metrics.activeSeconds),
    ...(metrics.passesTimed && {
      passMilliseconds: {
        forward: copy(passes.forward.y),
        backward: copy(passes.backward.y),
        update: copy(passes.update.y),
      },
    }),
  };
  const validations = Array.from(metrics.validationStep.view(), (step, at) => ({
    step,
    bpb: metrics.validation.y.at(at),
    spread: metrics.spread.map((series) => series && series.y.at(at)),
  }));
  const { marks, weights, testScore } = metrics;
  return { batch, validations, marks, weights, testScore };
}

/** The columns again; the speed is measured anew. A history without weights is taken to have had the run's last all along. */
export function metricsOf(
  { batch, validations, marks, weights = [], testScore = null }: RunHistory,
  last: LossWeights,
): RunMetrics {
  const metrics = new RunMetrics();
  metrics.append(batch, (step) => weights.findLast(({ from }) => from <= step) ?? last);
  metrics.endEarlier();
  for (const { step, bpb, spread } of validations) metrics.appendValidation(step, bpb, spread);
  metrics.marks = marks;
  metrics.testScore = testScore;
  return metrics;
}
