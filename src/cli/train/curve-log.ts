import type { ModelConfig, RunConfig } from '../../config/types.ts';
import { curveHistory, curveTensors } from '../../protocol/curve-file.ts';
import type { MetricsBatch } from '../../protocol/events.ts';
import type { RunHistory } from '../../protocol/run-history.ts';
import type { StoredTensor } from '../../protocol/safetensors.ts';
import type { TestScore } from '../../protocol/test-score.ts';
import type { Checkpoint } from '../../train/saving/checkpoint.ts';

type Validation = RunHistory['validations'][number];

/** What a run measures here, behind the curve of the file that it goes on from: a page that opens it shows the whole. */
export class CurveLog {
  private readonly model: ModelConfig;
  /** The step that the run goes on from. */
  private readonly begin: number;
  /** Of the file, without what is among that below. */
  private readonly earlier: Pick<RunHistory, 'marks' | 'weights'>;
  private batches: MetricsBatch[];
  private readonly validations: Validation[];
  private testScore: TestScore | null;

  constructor({ model }: RunConfig, from?: Pick<Checkpoint, 'step' | 'curve'>) {
    this.model = model;
    this.begin = from?.step ?? 0;
    const known = from?.curve ? readCurve(from.curve, this.factors) : null;
    const { batch, validations = [], testScore = null, ...earlier } = known ?? { marks: [] };
    this.earlier = earlier;
    this.batches = batch ? [cut(batch, this.begin)] : [];
    this.validations = validations.filter(({ step }) => step <= this.begin);
    this.testScore = testScore;
  }

  add(batch: MetricsBatch): void {
    this.batches.push(batch);
  }

  addValidation(validation: Validation): void {
    this.validations.push(validation);
  }

  /** Takes how the run does on the test part. */
  addScore(score: TestScore): void {
    this.testScore = score;
  }

  /** The curve up to a step as arrays of a file; nothing where no step of it was measured. */
  upTo(step: number): ReadonlyMap<string, StoredTensor> | undefined {
    const whole = joined(this.batches, this.factors.length);
    this.batches = [whole];
    const batch = cut(whole, step);
    if (batch.step.length === 0) return undefined;
    const validations = this.validations.filter((validation) => validation.step <= step);
    const testScore = this.testScore !== null && this.testScore.step <= step ? this.testScore : null;
    const weights = this.weightsOf(batch.step);
    return curveTensors({ ...this.earlier, batch, validations, weights, testScore }, this.factors);
  }

  private get factors(): number[] {
    return this.model.hierarchies.map(({ factor }) => factor);
  }

  /** No setting changes here, but a page may have changed one after the last step that it measured. */
  private weightsOf(steps: Float64Array): RunHistory['weights'] {
    const { reconWeight, arWeight } = this.model;
    const { weights = [] } = this.earlier;
    const last = weights.at(-1);
    const from = steps.find((step) => step > this.begin);
    if (from === undefined || (last?.reconWeight === reconWeight && last.arWeight === arWeight)) return weights;
    return [...weights, { from, reconWeight, arWeight }];
  }
}

/** A curve that cannot be read is none: the run can go on without. */
function readCurve(curve: ReadonlyMap<string, StoredTensor>, factors: readonly number[]): RunHistory | null {
  try {
    return curveHistory(curve, factors);
  } catch {
    return null;
  }
}

/** Consecutive steps as one batch; what some of them do not have is NaN there, and left out where none has it. */
function joined(batches: readonly MetricsBatch[], hierarchies: number): MetricsBatch {
  const length = batches.reduce((sum, { step }) => sum + step.length, 0);
  return batchOf(hierarchies, (pick) => {
    if (!batches.some((batch) => pick(batch))) return null;
    const column = new Float64Array(length).fill(NaN);
    let at = 0;
    for (const batch of batches) {
      const values = pick(batch);
      if (values) column.set(values, at);
      at += batch.step.length;
    }
    return column;
  });
}

/** The steps of a batch up to one. */
function cut(batch: MetricsBatch, last: number): MetricsBatch {
  const end = batch.step.findIndex((step) => step > last);
  return end < 0 ? batch : batchOf(batch.recon.length, (pick) => pick(batch)?.subarray(0, end) ?? null);
}

/** Finds one column in a batch, or none. */
type ColumnIn = (batch: MetricsBatch) => Float64Array | null | undefined;

/** @param columnOf makes a column from the same one of other batches */
function batchOf(hierarchies: number, columnOf: (pick: ColumnIn) => Float64Array | null): MetricsBatch {
  const always = (pick: ColumnIn): Float64Array => columnOf(pick) ?? new Float64Array();
  const each = (name: 'recon' | 'ar'): (Float64Array | null)[] =>
    Array.from({ length: hierarchies }, (_, at) => columnOf((batch) => batch[name][at]));
  const [forward, backward, update] = (['forward', 'backward', 'update'] as const).map((pass) =>
    columnOf(({ passMilliseconds }) => passMilliseconds?.[pass]),
  );
  return {
    runId: 0,
    step: always(({ step }) => step),
    trainBpb: always(({ trainBpb }) => trainBpb),
    recon: each('recon'),
    ar: each('ar'),
    gradNorm: always(({ gradNorm }) => gradNorm),
    learningRate: always(({ learningRate }) => learningRate),
    activeSeconds: always(({ activeSeconds }) => activeSeconds),
    ...(forward && backward && update && { passMilliseconds: { forward, backward, update } }),
  };
}
