import type { MetricsBatch } from '../../protocol/events.ts';

/** Steps in a part of a curve, which has some 300 kB. */
export const PART_STEPS = 4096;

/** The steps of a batch from one place to another, in columns of their own. */
export function cutBatch(batch: MetricsBatch, from: number, to: number): MetricsBatch {
  return mapColumns(batch, (column) => column.slice(from, to));
}

/** One batch of at least one that follow each other. What only some of them have measured of a pass is NaN in the others. */
export function joinBatches(batches: readonly MetricsBatch[]): MetricsBatch {
  // The last knows of everything that was measured at all.
  const last = batches[batches.length - 1];
  return mapColumns(last, (_, of) => concat(batches.map((batch) => of(batch) ?? batch.step.map(() => NaN))));
}

type Column = Float64Array;

/** Makes each column from itself and from how to find the same of another batch, where that has it. */
function mapColumns(
  batch: MetricsBatch,
  make: (column: Column, of: (batch: MetricsBatch) => Column | null | undefined) => Column,
): MetricsBatch {
  const map = (of: (each: MetricsBatch) => Column | null | undefined): Column => make(of(batch)!, of);
  const mapEach = (name: 'recon' | 'ar'): (Column | null)[] =>
    batch[name].map((column, at) => column && map((each) => each[name][at]));
  return {
    runId: batch.runId,
    step: map(({ step }) => step),
    trainBpb: map(({ trainBpb }) => trainBpb),
    recon: mapEach('recon'),
    ar: mapEach('ar'),
    gradNorm: map(({ gradNorm }) => gradNorm),
    learningRate: map(({ learningRate }) => learningRate),
    activeSeconds: map(({ activeSeconds }) => activeSeconds),
    ...(batch.passMilliseconds && {
      passMilliseconds: {
        forward: map(({ passMilliseconds }) => passMilliseconds?.forward),
        backward: map(({ passMilliseconds }) => passMilliseconds?.backward),
        update: map(({ passMilliseconds }) => passMilliseconds?.update),
      },
    }),
  };
}

function concat(columns: readonly Column[]): Column {
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    all.set(column, at);
    at += column.length;
  }
  return all;
}
