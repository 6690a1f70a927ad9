import type { EmbeddingSpread, MetricsBatch } from '../../protocol/events.ts';
import type { LossWeights, Mark, WeightsSince } from '../../protocol/run-history.ts';
import type { TestScore } from '../../protocol/test-score.ts';
import { Column } from '../chart/column.ts';
import { lastAtMost } from '../chart/search.ts';
import { Series } from '../chart/series.ts';
import { marksUpTo } from './marks.ts';
import { RunClock } from './run-clock.ts';

/** Steps over which the rate is measured: long enough to be calm, short enough to follow the machine. */
const RATE_STEPS = 50;
/** Times from step to step that make a rate. */
const FEWEST_INTERVALS = 2;
/** Steps over which the time of one is averaged: as many as are read back at once. */
const TIMED_STEPS = 8;

/** All that a run has measured, in columns outside of React. Charts are told by the revision store when to look. */
export class RunMetrics {
  readonly step = new Column();
  readonly activeSeconds = new Column();
  readonly train: Series;
  readonly validationStep = new Column();
  /** Seconds of training at each validation whose step has arrived. */
  readonly validationSeconds = new Column();
  readonly validation = new Series(this.validationStep, 0);
  /** One entry a hierarchy, measured with validations; empty until a validation came with it, null where there is none. */
  readonly spread: (Series | null)[] = [];
  /** One entry a hierarchy; null where it has no such loss. */
  readonly recon: (Series | null)[] = [];
  readonly ar: (Series | null)[] = [];
  readonly gradNorm = new Series(this.step);
  readonly learningRate = new Series(this.step, 0);
  /** What the optimiser sees, in nats: each loss times its weight at that step, and the sums of a stack of them. */
  readonly objective = {
    nextByte: new Series(this.step),
    recon: new Series(this.step),
    prediction: new Series(this.step),
    nextByteAndRecon: new Series(this.step),
    total: new Series(this.step),
  };
  /** The weights of the losses, each since its first step, the newest last. */
  weights: readonly WeightsSince[] = [];
  /** Milliseconds of training for each step, a mean of the last ones. */
  readonly stepTime = new Series(this.step);
  /** GPU milliseconds of its passes, NaN where they were not timed, and the sums of a stack of them. */
  readonly passes = {
    forward: new Series(this.step),
    backward: new Series(this.step),
    update: new Series(this.step),
    forwardBackward: new Series(this.step),
    total: new Series(this.step),
  };
  /** Whether any step's passes were timed. */
  passesTimed = false;
  /** How many of the steps were measured elsewhere, or on an earlier visit: they say nothing of the speed here. */
  private elsewhere = 0;
  /** How the model did on the test part of its text, when that was measured last. */
  testScore: TestScore | null = null;
  /** The step up to which the run was made elsewhere, whether or not all of that was measured. */
  private madeElsewhere = 0;
  /** What happened at a step beside training, oldest first. */
  marks: readonly Mark[] = [];
  clock = new RunClock();

  /** @param smoothing weight of the usual moving average of the training loss, 0 for values that are one already */
  constructor(smoothing?: number) {
    this.train = new Series(this.step, smoothing);
  }

  /** Appends steps that were trained with these weights of the losses, all with the same or each with its own. */
  append(batch: MetricsBatch, weights: LossWeights | ((step: number) => LossWeights)): void {
    this.appendObjective(batch, typeof weights === 'function' ? weights : () => weights);
    this.appendPasses(batch);
    this.train.y.appendAll(batch.trainBpb);
    this.gradNorm.y.appendAll(batch.gradNorm);
    this.learningRate.y.appendAll(batch.learningRate);
    this.activeSeconds.appendAll(batch.activeSeconds);
    this.appendPerHierarchy(this.recon, batch.recon);
    this.appendPerHierarchy(this.ar, batch.ar);
    this.step.appendAll(batch.step);
    this.appendStepTime();
    this.placeValidations();
  }

  appendValidation(step: number, bpb: number, spread: EmbeddingSpread = []): void {
    this.appendSpread(spread);
    this.validationStep.append(step);
    this.validation.y.append(bpb);
    this.placeValidations();
  }

  /** The same of a run that stands at a step, in columns of its own, so that nothing which was drawn of these changes. */
  upTo(step: number): RunMetrics {
    const kept = new RunMetrics();
    const steps = lastAtMost(this.step, step) + 1;
    const validations = lastAtMost(this.validationStep, step) + 1;
    const copy = (from: Column, to: Column, count: number): void => to.appendAll(from.view().subarray(0, count));
    const copyEach = (from: readonly Series[], to: readonly Series[], count = steps): void =>
      from.forEach((series, at) => copy(series.y, to[at].y, count));
    for (const name of ['recon', 'ar'] as const) {
      kept[name].push(...this[name].map((series) => series && new Series(kept.step)));
      copyEach(this[name].filter(isMeasured), kept[name].filter(isMeasured));
    }
    kept.spread.push(...this.spread.map((series) => series && new Series(kept.validationStep, 0)));
    copyEach(this.spread.filter(isMeasured), kept.spread.filter(isMeasured), validations);
    copyEach(this.everyStep, kept.everyStep);
    copy(this.step, kept.step, steps);
    copy(this.activeSeconds, kept.activeSeconds, steps);
    copy(this.validationStep, kept.validationStep, validations);
    copy(this.validation.y, kept.validation.y, validations);
    kept.madeElsewhere = step;
    kept.passesTimed = this.passesTimed;
    kept.elsewhere = Math.min(this.elsewhere, steps);
    kept.weights = this.weights.filter(({ from }) => from <= step);
    kept.testScore = this.testScore !== null && this.testScore.step <= step ? this.testScore : null;
    kept.marks = marksUpTo(this.marks, step);
    kept.placeValidations();
    return kept;
  }

  /** The last step that was measured, 0 before the first. */
  get lastStep(): number {
    return this.step.length === 0 ? 0 : this.step.last;
  }

  /** The step that the run is at: past the last that was measured where its file has no curve, or an earlier one. */
  get madeSteps(): number {
    return Math.max(this.lastStep, this.madeElsewhere);
  }

  /** Whether the last step of the run was measured. */
  get isUpToDate(): boolean {
    return this.lastStep === this.madeSteps;
  }

  /** All that is there now was measured before. */
  endEarlier(): void {
    this.elsewhere = this.step.length;
  }

  /** Steps a second of training, over the last steps; null before there are some: one alone says little. */
  get stepsPerSecond(): number | null {
    const last = this.step.length - 1;
    const first = Math.max(this.elsewhere, lastAtMost(this.step, this.step.last - RATE_STEPS));
    if (last - first < FEWEST_INTERVALS) return null;
    const seconds = this.activeSeconds.at(last) - this.activeSeconds.at(first);
    return seconds > 0 ? (this.step.at(last) - this.step.at(first)) / seconds : null;
  }

  private get everyStep(): Series[] {
    const { train, gradNorm, learningRate, stepTime, objective, passes } = this;
    return [train, gradNorm, learningRate, stepTime, ...Object.values(objective), ...Object.values(passes)];
  }

  /** A validation may arrive before its step does. */
  private placeValidations(): void {
    const { validationSeconds, validationStep } = this;
    for (let at = validationSeconds.length; at < validationStep.length; at++) {
      if (validationStep.at(at) > this.lastStep) break;
      const index = lastAtMost(this.step, validationStep.at(at));
      validationSeconds.append(index < 0 ? 0 : this.activeSeconds.at(index));
    }
  }

  /** A validation without it, of an old recording, leaves a gap. */
  private appendSpread(spread: EmbeddingSpread): void {
    spread.forEach((value, hierarchy) => {
      if (this.spread.length > hierarchy) return;
      const series = value === null ? null : new Series(this.validationStep, 0);
      for (let at = 0; at < this.validationStep.length; at++) series?.y.append(NaN);
      this.spread.push(series);
    });
    this.spread.forEach((series, hierarchy) => series?.y.append(spread[hierarchy] ?? NaN));
  }

  private appendObjective(batch: MetricsBatch, weightsAt: (step: number) => LossWeights): void {
    const { nextByte, recon, prediction, nextByteAndRecon, total } = this.objective;
    batch.trainBpb.forEach((bits, at) => {
      const { reconWeight, arWeight } = weightsAt(batch.step[at]);
      this.noteWeights({ from: batch.step[at], reconWeight, arWeight });
      const ce = bits * Math.LN2;
      const read = reconWeight * sumAt(batch.recon, at) * Math.LN2;
      const predicted = arWeight * sumAt(batch.ar, at);
      nextByte.y.append(ce);
      recon.y.append(read);
      prediction.y.append(predicted);
      nextByteAndRecon.y.append(ce + read);
      total.y.append(ce + read + predicted);
    });
  }

  private noteWeights(weights: WeightsSince): void {
    const last = this.weights.at(-1);
    if (last?.reconWeight === weights.reconWeight && last.arWeight === weights.arWeight) return;
    this.weights = [...this.weights, weights];
  }

  /** Steps are read back in clusters, so that the time since the one before alone says little. */
  private appendStepTime(): void {
    const { step, activeSeconds, stepTime } = this;
    for (let at = stepTime.y.length; at < step.length; at++) {
      const before = at - TIMED_STEPS;
      const seconds = activeSeconds.at(at) - (before < 0 ? 0 : activeSeconds.at(before));
      const steps = step.at(at) - (before < 0 ? 0 : step.at(before));
      stepTime.y.append((1000 * seconds) / steps);
    }
  }

  private appendPasses({ step, passMilliseconds }: MetricsBatch): void {
    this.passesTimed ||= passMilliseconds !== undefined;
    for (let at = 0; at < step.length; at++) {
      const forward = passMilliseconds?.forward[at] ?? NaN;
      const backward = passMilliseconds?.backward[at] ?? NaN;
      const update = passMilliseconds?.update[at] ?? NaN;
      this.passes.forward.y.append(forward);
      this.passes.backward.y.append(backward);
      this.passes.update.y.append(update);
      this.passes.forwardBackward.y.append(forward + backward);
      this.passes.total.y.append(forward + backward + update);
    }
  }

  private appendPerHierarchy(series: (Series | null)[], values: (Float64Array | null)[]): void {
    values.forEach((value, hierarchy) => {
      if (series.length <= hierarchy) series.push(value === null ? null : new Series(this.step));
      if (value !== null) series[hierarchy]?.y.appendAll(value);
    });
  }
}

function isMeasured(series: Series | null): series is Series {
  return series !== null;
}

function sumAt(perHierarchy: readonly (Float64Array | null)[], at: number): number {
  return perHierarchy.reduce((sum, values) => sum + (values === null ? 0 : values[at]), 0);
}
