import type { EmbeddingSpread, MetricsBatch } from '../../protocol/events.ts';
import type { Column } from '../chart/column.ts';
import type { Series } from '../chart/series.ts';
import type { Mark } from './marks.ts';
import { RunMetrics, type LossWeights } from './run-metrics.ts';

/** All that a run has measured, as plain values that can be stored. */
export interface RunHistory {
  batch: MetricsBatch;
  validations: { step: number; bpb: number; spread: EmbeddingSpread }[];
  marks: readonly Mark[];
}

export function historyOf(metrics: RunMetrics): RunHistory {
  const { passes } = metrics;
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
  return { batch, validations, marks: metrics.marks };
}

/**
 * The columns again. Weights are the last that the run had; objectives of steps before a change differ by that. Its speed is
 * measured anew.
 */
export function metricsOf({ batch, validations, marks }: RunHistory, weights: LossWeights): RunMetrics {
  const metrics = new RunMetrics();
  metrics.append(batch, weights);
  metrics.endEarlier();
  for (const { step, bpb, spread } of validations) metrics.appendValidation(step, bpb, spread);
  metrics.marks = marks;
  return metrics;
}

function copy(column: Column): Float64Array {
  return column.view().slice();
}

function copyOrNull(series: Series | null): Float64Array | null {
  return series && copy(series.y);
}
