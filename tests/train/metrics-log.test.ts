import { expect, test } from 'vitest';
import { recordLayout } from '../../src/model/losses.ts';
import { MetricsLog } from '../../src/train/metrics-log.ts';
import { tinyHierarchy, tinyModel } from '../support/tiny-model.ts';

const LAYOUT = recordLayout(tinyModel({ hierarchies: [tinyHierarchy(1), tinyHierarchy(2), tinyHierarchy(4)] }));

/** Figures of a step as the device leaves them: losses of bytes are that many bits. */
function recordOf(bits: { ce: number; recon: number[] }, ar: number[], gradNorm: number): Float32Array {
  const record = new Float32Array(LAYOUT.size);
  record[LAYOUT.ce] = bits.ce * Math.LN2;
  [1, 2].forEach((hierarchy, i) => {
    record[LAYOUT.recon[hierarchy]!] = bits.recon[i] * Math.LN2;
    record[LAYOUT.ar[hierarchy]!] = ar[i];
  });
  record[LAYOUT.gradNorm] = gradNorm;
  return record;
}

const rounded = (column: Float64Array | null): number[] | null =>
  column && Array.from(column, (value) => Number(value.toFixed(5)));

test('losses of bytes are told in bits, those of embeddings as they are, each in the column of its hierarchy', () => {
  const log = new MetricsLog(LAYOUT);
  log.add(recordOf({ ce: 3, recon: [4, 5] }, [0.5, 0.25], 2), 7, 1e-3, 12, null);
  log.add(recordOf({ ce: 2, recon: [6, 7] }, [0.75, 0.125], Infinity), 8, 2e-3, 13, null);
  const batch = log.take(9)!;

  expect([batch.runId, [...batch.step], [...batch.learningRate], [...batch.activeSeconds]]).toEqual([
    9,
    [7, 8],
    [1e-3, 2e-3],
    [12, 13],
  ]);
  expect(rounded(batch.trainBpb)).toEqual([3, 2]);
  expect(batch.recon.map(rounded)).toEqual([null, [4, 6], [5, 7]]);
  expect(batch.ar.map(rounded)).toEqual([null, [0.5, 0.75], [0.25, 0.125]]);
  // A scaled gradient that was too large has no norm, and its update was left out.
  expect(batch.gradNorm).toEqual(Float64Array.of(2, NaN));
  expect(batch.passMilliseconds).toBeUndefined();
  expect(log.take(9)).toBeNull();
});

test('where no hierarchy is one of bytes, the first has columns as well', () => {
  const layout = recordLayout(tinyModel({ hierarchies: [tinyHierarchy(2), tinyHierarchy(4)] }));
  const log = new MetricsLog(layout);
  const record = new Float32Array(layout.size);
  record[layout.recon[0]!] = 6 * Math.LN2;
  record[layout.ar[0]!] = 0.5;
  log.add(record, 1, 1e-3, 0, null);
  const { recon, ar } = log.take(1)!;
  expect([rounded(recon[0]), rounded(ar[0])]).toEqual([[6], [0.5]]);
});

test('what was handed over stays as it is while the log fills again', () => {
  const log = new MetricsLog(LAYOUT);
  const add = (step: number) =>
    log.add(recordOf({ ce: step, recon: [0, 0] }, [0, 0], step), step, 0, 0, {
      forward: step,
      backward: 10 * step,
      update: 100 * step,
    });
  add(1);
  const first = log.take(1)!;
  add(2);
  const second = log.take(1)!;

  expect([[...first.step], [...second.step]]).toEqual([[1], [2]]);
  expect(first.passMilliseconds).toEqual({
    forward: Float64Array.of(1),
    backward: Float64Array.of(10),
    update: Float64Array.of(100),
  });
  expect(second.passMilliseconds!.update).toEqual(Float64Array.of(200));
});
