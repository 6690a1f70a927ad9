import type { RunConfig } from '../../config/types.ts';
import type { BlowUp, MetricsBatch } from '../../protocol/events.ts';
import { bitsPerByte, predictedBytes, type TestScore } from '../../protocol/test-score.ts';

/** One line of `--json`. Losses and the gradient norm are means over the steps since the line before. */
export interface Report {
  step: number;
  /** Bits per byte. */
  trainBpb: number;
  /** Bits per byte, on lines whose step was validated. */
  valBpb?: number;
  /** Per hierarchy, bits per reconstructed byte; null without such a loss. */
  recon: (number | null)[];
  /** Per hierarchy, 1 - cosine; null without such a loss. */
  ar: (number | null)[];
  tokensPerSecond: number;
  /** Seconds of training so far, pauses excluded. */
  seconds: number;
  /** Of this step. */
  learningRate: number;
  /** Global norm of the gradient before clipping; null where none was finite. */
  gradNorm: number | null;
}

/** What is gathered of a step. */
interface Row extends Omit<Report, 'valBpb' | 'tokensPerSecond' | 'gradNorm'> {
  gradNorm: number;
}

/** The same in words; `steps` is the length of the run. */
export function sayReport({ step, trainBpb, valBpb, recon, ar, tokensPerSecond }: Report, steps: number): string {
  const each = (values: (number | null)[]): string => values.map((v) => (v === null ? '-' : v.toFixed(3))).join(' ');
  const validation = valBpb === undefined ? '' : `  val ${valBpb.toFixed(3)}`;
  return `step ${step}/${steps}  train ${trainBpb.toFixed(3)}${validation}  recon ${each(recon)}  ar ${each(ar)}  ${Math.round(tokensPerSecond)} bytes/s`;
}

/** What `--json` says of a run with `--test`. */
export interface TestReport {
  step: number;
  /** Bits per byte on the test part of the text. */
  testBpb: number;
  /** Its standard error; null of a single sequence. */
  testError: number | null;
  testBytes: number;
  testSequences: number;
}

export function reportOf(score: TestScore): TestReport {
  const { mean, error } = bitsPerByte(score);
  return {
    step: score.step,
    testBpb: mean,
    testError: error,
    testBytes: predictedBytes(score),
    testSequences: score.bytes.length,
  };
}

/** The same in words. */
export function sayTest({ step, testBpb, testError, testBytes, testSequences }: TestReport): string {
  const error = testError === null ? '' : ` +- ${testError.toFixed(4)}`;
  return `test part after step ${step}: ${testBpb.toFixed(4)}${error} bits per byte, on ${testBytes} bytes in ${testSequences} sequences`;
}

/** What there is to say of a run that goes on from the file of a model alone. */
export function sayAnew(file: string): string {
  return `--resume: ${file} holds the model alone: Adam begins anew, its moments and counts at zero, so the next steps are not those of the run it was taken from`;
}

/** What there is to say of losses that have blown up, or have come down again. */
export function sayBlowUp(blowUp: BlowUp | null): string {
  if (blowUp === null) return 'losses have come down again';
  const { wellUntil, best } = blowUp;
  return `losses stay far above the ${best.toFixed(3)} bits per byte that they had come down to; all was well until step ${wellUntil}`;
}

/** What there is to say of a saved run that goes on to another length, where the rate follows from that; null elsewhere. */
export function sayOtherRate({ training: before }: RunConfig, { training: after }: RunConfig): string | null {
  if (after.schedule === 'constant' || after.steps === before.steps) return null;
  return `--steps: the learning rate of this run fell towards its end at step ${before.steps} (sc=${after.schedule}) and rises again, to fall towards step ${after.steps}: this is not the run that had been so long from the start`;
}

/** Gathers figures of steps into a report every so many steps. A validation waits for, or joins, the line of its step. */
export class Reporter {
  private readonly every: number;
  private readonly speed: () => number;
  private readonly print: (report: Report) => void;
  private rows: Row[] = [];
  private readonly pending: Report[] = [];
  private readonly validations = new Map<number, number>();
  private readonly expectsValidation: (step: number) => boolean;

  /** @param speed bytes that are trained on in a second, lately */
  constructor(
    every: number,
    speed: () => number,
    expectsValidation: (step: number) => boolean,
    print: (report: Report) => void,
  ) {
    this.every = every;
    this.speed = speed;
    this.expectsValidation = expectsValidation;
    this.print = print;
  }

  add(batch: MetricsBatch, lastStep: number): void {
    for (let i = 0; i < batch.step.length; i++) {
      const at = (column: Float64Array | null): number | null => (column === null ? null : column[i]);
      const step = batch.step[i];
      this.rows.push({
        step,
        trainBpb: batch.trainBpb[i],
        recon: batch.recon.map(at),
        ar: batch.ar.map(at),
        seconds: batch.activeSeconds[i],
        learningRate: batch.learningRate[i],
        gradNorm: batch.gradNorm[i],
      });
      if (step % this.every === 0 || step === lastStep) this.close();
    }
    this.flush(false);
  }

  addValidation(step: number, bpb: number): void {
    this.validations.set(step, bpb);
    this.flush(false);
  }

  /** Prints what waits for more steps, or for a validation, that will not come. */
  end(): void {
    this.close();
    this.flush(true);
  }

  private close(): void {
    const { rows } = this;
    const last = rows.at(-1);
    if (last === undefined) return;
    const { step, seconds, learningRate } = last;
    const norms = rows.map(({ gradNorm }) => gradNorm).filter(Number.isFinite);
    const meanEach = (pick: (row: (typeof rows)[number]) => (number | null)[]): (number | null)[] =>
      pick(rows[0]).map((first, i) => (first === null ? null : mean(rows.map((row) => pick(row)[i] ?? 0))));
    this.pending.push({
      step,
      trainBpb: mean(rows.map(({ trainBpb }) => trainBpb)),
      recon: meanEach(({ recon }) => recon),
      ar: meanEach(({ ar }) => ar),
      tokensPerSecond: this.speed(),
      seconds,
      learningRate,
      gradNorm: norms.length === 0 ? null : mean(norms),
    });
    this.rows = [];
  }

  private flush(all: boolean): void {
    while (this.pending.length > 0) {
      const { step, trainBpb, ...rest } = this.pending[0];
      const valBpb = this.validations.get(step);
      if (valBpb === undefined && this.expectsValidation(step) && !all) return;
      this.pending.shift();
      this.print({ step, trainBpb, ...(valBpb === undefined ? {} : { valBpb }), ...rest });
    }
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
