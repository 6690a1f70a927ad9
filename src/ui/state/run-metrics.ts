import type { MetricsBatch } from '../../protocol/events.ts';
import { Column } from '../chart/column.ts';
import { lastAtMost } from '../chart/search.ts';
import { Series } from '../chart/series.ts';

/** Steps over which the rate is measured: long enough to be calm, short enough to follow the machine. */
const RATE_STEPS = 50;

/** All that a run has measured, in columns outside of React. Charts are told by the revision store when to look. */
export class RunMetrics {
  readonly step = new Column();
  readonly activeSeconds = new Column();
  readonly train = new Series(this.step);
  readonly validationStep = new Column();
  readonly validation = new Series(this.validationStep, 0);
  /** One entry a hierarchy; null where it has no such loss. */
  readonly recon: (Series | null)[] = [];
  readonly ar: (Series | null)[] = [];
  readonly gradNorm = new Series(this.step);
  readonly learningRate = new Series(this.step, 0);
  bytesPerSecond = 0;

  append(batch: MetricsBatch): void {
    this.train.y.appendAll(batch.trainBpb);
    this.gradNorm.y.appendAll(batch.gradNorm);
    this.learningRate.y.appendAll(batch.learningRate);
    this.activeSeconds.appendAll(batch.activeSeconds);
    this.appendPerHierarchy(this.recon, batch.recon);
    this.appendPerHierarchy(this.ar, batch.ar);
    this.step.appendAll(batch.step);
    this.bytesPerSecond = batch.bytesPerSecond;
  }

  appendValidation(step: number, bpb: number): void {
    this.validationStep.append(step);
    this.validation.y.append(bpb);
  }

  /** The last step that was measured, 0 before the first. */
  get lastStep(): number {
    return this.step.length === 0 ? 0 : this.step.last;
  }

  /** Steps a second of training, over the last steps; null before there are two. */
  get stepsPerSecond(): number | null {
    const last = this.step.length - 1;
    if (last < 1) return null;
    const first = Math.max(0, lastAtMost(this.step, this.step.last - RATE_STEPS));
    const seconds = this.activeSeconds.at(last) - this.activeSeconds.at(first);
    return seconds > 0 ? (this.step.at(last) - this.step.at(first)) / seconds : null;
  }

  private appendPerHierarchy(series: (Series | null)[], values: (Float64Array | null)[]): void {
    values.forEach((value, hierarchy) => {
      if (series.length <= hierarchy) series.push(value === null ? null : new Series(this.step));
      if (value !== null) series[hierarchy]?.y.appendAll(value);
    });
  }
}
