import { flopsPerStep, parameterCount, tokensPerStep } from '../../config/costs.ts';
import { lastAtMost } from '../chart/search.ts';
import type { Placement } from '../chart/placement.ts';
import { duration, exact } from '../format/quantity.ts';
import type { XUnit } from '../state/chart-view.ts';
import type { RunMetrics } from '../state/run-metrics.ts';
import type { RunRecord } from '../state/runs.ts';

/** What a run's x axes need to know beside its columns. */
export type Measured = Pick<RunRecord, 'config' | 'metrics' | 'model'>;

/** Floating-point operations of a step: as the engine counted them, before that by arithmetic. */
export function stepFlops({ config, model }: Pick<RunRecord, 'config' | 'model'>): number {
  return model?.flopsPerStep ?? flopsPerStep(config).total;
}

/** Where values that were measured at each step, and those that were measured at each validation, lie on an x axis. */
export function placements(run: Measured, unit: XUnit): { steps: Placement; validation: Placement } {
  const { metrics } = run;
  if (unit === 'time') {
    return {
      steps: { column: metrics.activeSeconds, scale: 1 },
      validation: { column: metrics.validationSeconds, scale: 1 },
    };
  }
  const scale = unit === 'step' ? 1 : unit === 'bytes' ? tokensPerStep(run.config) : stepFlops(run);
  return { steps: { column: metrics.step, scale }, validation: { column: metrics.validationStep, scale } };
}

/** The lowest validation loss; null before the first. */
export function bestValidation({ validation }: RunMetrics): number | null {
  return validation.extentBy(0)?.min ?? null;
}

/** The validation loss of the step that a run is at; null where it was not validated there. */
export function lastValidation({ validation, validationStep, madeSteps }: RunMetrics): number | null {
  if (validationStep.last !== madeSteps) return null;
  const { last } = validation.y;
  return Number.isFinite(last) ? last : null;
}

/** `, until step 40`: up to where the losses of a run are known; nothing where that is all of it, or nothing. */
export function knownUntil({ isUpToDate, lastStep }: RunMetrics): string {
  return isUpToDate || lastStep === 0 ? '' : `, until step ${exact(lastStep)}`;
}

export function activeSeconds({ activeSeconds }: RunMetrics): number {
  return activeSeconds.length === 0 ? 0 : activeSeconds.last;
}

/** Whether it is known how long the steps of a run took; before the first it is. */
export function isTimed(metrics: RunMetrics): boolean {
  return metrics.lastStep === 0 || activeSeconds(metrics) > 0;
}

/** How long a run has trained, in words; a dash where its last steps were not measured. */
export function timeOf(metrics: RunMetrics): string {
  return metrics.isUpToDate && isTimed(metrics) ? duration(activeSeconds(metrics)) : '–';
}

/** Bytes a second over the whole run, pauses left out; null before there is any time. */
export function meanBytesPerSecond({ config, metrics }: Measured): number | null {
  const seconds = activeSeconds(metrics);
  return seconds > 0 ? (metrics.lastStep * tokensPerStep(config)) / seconds : null;
}

export function parameters({ config, model }: Pick<RunRecord, 'config' | 'model'>): number {
  return model?.parameters ?? parameterCount(config.model).total;
}

export function spentFlops(run: Measured): number {
  return run.metrics.madeSteps * stepFlops(run);
}

/** The most work up to which every one of some runs was measured; 0 when one has not begun. */
export function commonFlops(runs: readonly Measured[]): number {
  return runs.length === 0 ? 0 : Math.min(...runs.map((run) => run.metrics.lastStep * stepFlops(run)));
}

/** Lowest validation loss that a run reached with at most that much work; null when it had not been validated. */
export function bestValidationWithin(run: Measured, flops: number): number | null {
  const { validationStep, validation } = run.metrics;
  const last = lastAtMost(validationStep, (flops / stepFlops(run)) * (1 + 1e-12));
  let best: number | null = null;
  for (let at = 0; at <= last; at++) {
    const value = validation.y.at(at);
    if (Number.isFinite(value) && (best === null || value < best)) best = value;
  }
  return best;
}
