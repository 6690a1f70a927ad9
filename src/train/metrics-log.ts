import type { MetricsBatch } from '../protocol/events.ts';
import type { RecordLayout } from '../model/losses.ts';

/** Steps held back between two posts; a fuller log is posted at once. */
const CAPACITY = 4096;

type PassName = 'forward' | 'backward' | 'update';
export type PassTimes = Record<PassName, number>;
type PassColumns = Record<PassName, Float64Array>;

/** Rows of figures, one per step, that are handed over a few times a second. Adding one allocates nothing. */
export class MetricsLog {
  private readonly layout: RecordLayout;
  private readonly columns: {
    step: Float64Array;
    trainBpb: Float64Array;
    gradNorm: Float64Array;
    learningRate: Float64Array;
    activeSeconds: Float64Array;
  };
  /** GPU milliseconds of the three passes of a step; null until a step came with times. */
  private passes: PassColumns | null = null;
  private readonly recon: (Float64Array | null)[];
  private readonly ar: (Float64Array | null)[];
  private count = 0;

  constructor(layout: RecordLayout) {
    const column = (): Float64Array => new Float64Array(CAPACITY);
    this.layout = layout;
    this.columns = {
      step: column(),
      trainBpb: column(),
      gradNorm: column(),
      learningRate: column(),
      activeSeconds: column(),
    };
    this.recon = layout.recon.map((index) => (index === null ? null : column()));
    this.ar = layout.ar.map((index) => (index === null ? null : column()));
  }

  get full(): boolean {
    return this.count === CAPACITY;
  }

  /**
   * @param record figures of the step, laid out by `RecordLayout`; losses in nats
   * @param times GPU milliseconds of its passes, where the adapter has timestamps
   */
  add(record: Float32Array, step: number, learningRate: number, activeSeconds: number, times: PassTimes | null): void {
    const { columns, layout, count } = this;
    if (times !== null) {
      this.passes ??= makePassColumns();
      this.passes.forward[count] = times.forward;
      this.passes.backward[count] = times.backward;
      this.passes.update[count] = times.update;
    }
    columns.step[count] = step;
    columns.trainBpb[count] = record[layout.ce] / Math.LN2;
    // None where a scaled gradient was too large and the update was left out.
    const gradNorm = record[layout.gradNorm];
    columns.gradNorm[count] = Number.isFinite(gradNorm) ? gradNorm : NaN;
    columns.learningRate[count] = learningRate;
    columns.activeSeconds[count] = activeSeconds;
    for (let i = 0; i < this.recon.length; i++) {
      const recon = this.recon[i];
      const reconIndex = layout.recon[i];
      if (recon !== null && reconIndex !== null) recon[count] = record[reconIndex] / Math.LN2;
      const ar = this.ar[i];
      const arIndex = layout.ar[i];
      if (ar !== null && arIndex !== null) ar[count] = record[arIndex];
    }
    this.count++;
  }

  /** Everything since the last call, in arrays that the receiver may keep; null when there is nothing. */
  take(runId: number): MetricsBatch | null {
    if (this.count === 0) return null;
    const copy = (column: Float64Array): Float64Array => column.slice(0, this.count);
    const copyEach = (column: Float64Array | null): Float64Array | null => (column === null ? null : copy(column));
    const { step, trainBpb, gradNorm, learningRate, activeSeconds } = this.columns;
    const batch: MetricsBatch = {
      runId,
      step: copy(step),
      trainBpb: copy(trainBpb),
      recon: this.recon.map(copyEach),
      ar: this.ar.map(copyEach),
      gradNorm: copy(gradNorm),
      learningRate: copy(learningRate),
      activeSeconds: copy(activeSeconds),
    };
    if (this.passes) {
      const { forward, backward, update } = this.passes;
      batch.passMilliseconds = { forward: copy(forward), backward: copy(backward), update: copy(update) };
    }
    this.count = 0;
    return batch;
  }
}

function makePassColumns(): PassColumns {
  const column = (): Float64Array => new Float64Array(CAPACITY);
  return { forward: column(), backward: column(), update: column() };
}
