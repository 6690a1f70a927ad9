import { tailSteps } from '../../comparison/training-tail.ts';
import type { MetricsBatch } from '../../protocol/events.ts';
import { bitsPerByte, type TestScore } from '../../protocol/test-score.ts';
import type { PlannedRun } from './planned-runs.ts';

/** What a run that is through came to, in bits per byte. */
export interface LastFigures {
  /** Mean over the last tenth of the steps. */
  trainBpb: number;
  /** Of the last step. */
  valBpb: number | null;
  /** On the test part; null where it was not measured. */
  testBpb: number | null;
}

/** What one of several runs has come to so far. */
export class RunOutcome {
  readonly run: PlannedRun;
  private step = 0;
  /** Sum of the training losses of the last tenth. */
  private tail = 0;
  private valBpb: number | null = null;
  private testBpb: number | null = null;
  private failure: string | null = null;
  private warning: string | null = null;

  constructor(run: PlannedRun) {
    this.run = run;
  }

  add({ step, trainBpb }: MetricsBatch): void {
    const { steps } = this;
    step.forEach((each, at) => {
      if (each > steps - tailSteps(steps)) this.tail += trainBpb[at];
      this.step = each;
    });
  }

  addValidation({ step, bpb }: { step: number; bpb: number }): void {
    if (step === this.steps) this.valBpb = bpb;
  }

  addScore(score: TestScore): void {
    this.testBpb = bitsPerByte(score).mean;
  }

  /** Takes what has gone wrong with it, so that it has no figures. */
  fail(message: string): void {
    this.failure = message;
  }

  /** Takes what is wrong although it may be through. */
  warn(message: string): void {
    this.warning = message;
  }

  get hasBegun(): boolean {
    return this.step > 0 || this.failure !== null;
  }

  /** Null for a run that has not made all of its steps, or has failed. */
  get figures(): LastFigures | null {
    const { steps, step, failure, tail, valBpb, testBpb } = this;
    if (step < steps || failure !== null) return null;
    return { trainBpb: tail / tailSteps(steps), valBpb, testBpb };
  }

  /** What is not as it should be; null of a run that is through and well. */
  get problem(): string | null {
    const { failure, warning, step, steps } = this;
    if (failure !== null || warning !== null) return failure ?? warning;
    if (step === 0) return 'not trained';
    return step < steps ? `ended early, after step ${step} of ${steps}` : null;
  }

  private get steps(): number {
    return this.run.config.training.steps;
  }
}
