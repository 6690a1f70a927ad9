import { expect, it } from 'vitest';
import { CurveLog } from '../../src/cli/train/curve-log.ts';
import { presetConfig } from '../../src/config/presets.ts';
import { curveHistory } from '../../src/protocol/curve-file.ts';
import type { MetricsBatch } from '../../src/protocol/events.ts';
import type { RunHistory } from '../../src/protocol/run-history.ts';
import type { StoredTensor } from '../../src/protocol/safetensors.ts';

const config = presetConfig('micro');
const { reconWeight, arWeight } = config.model;

/** Steps of `micro`, whose figures tell them apart. */
function steps(from: number, to: number, isTimed = false): MetricsBatch {
  const step = Float64Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const times = { forward: step, backward: step, update: step };
  return {
    runId: 1,
    step,
    trainBpb: step.map((each) => each / 10),
    recon: [null, step],
    ar: [null, step],
    gradNorm: step,
    learningRate: step,
    activeSeconds: step,
    ...(isTimed && { passMilliseconds: times }),
  };
}

const validation = (step: number) => ({ step, bpb: step / 5, spread: [null, 0.5] });

function read(curve: ReadonlyMap<string, StoredTensor> | undefined): RunHistory {
  return curveHistory(curve!, [1, 4])!;
}

it('keeps what a run measures, up to the step that is saved', () => {
  const log = new CurveLog(config);
  expect(log.upTo(0)).toBeUndefined();
  log.add(steps(1, 3));
  log.addValidation(validation(2));
  log.add(steps(4, 6));
  log.addValidation(validation(6));
  const { batch, validations, weights } = read(log.upTo(5));
  expect(batch).toEqual({ ...steps(1, 5), runId: 0 });
  expect(validations).toEqual([validation(2)]);
  expect(weights).toEqual([{ from: 1, reconWeight, arWeight }]);
  // What was not saved yet comes with the next.
  expect(read(log.upTo(6)).batch).toEqual({ ...steps(1, 6), runId: 0 });
  expect(read(log.upTo(6)).validations).toEqual([validation(2), validation(6)]);
});

it('appends to the curve of the file that a run goes on from, and keeps its marks', () => {
  const page = new CurveLog(config);
  page.add(steps(1, 8));
  page.addValidation(validation(4));
  page.addValidation(validation(8));
  const curve = new Map(page.upTo(8));
  const marks = [{ step: 3, name: 'GPU lost, on from 3' }];
  const data = new TextEncoder().encode(JSON.stringify(marks));
  curve.set('curve/marks', { dtype: 'U8', shape: [data.length], data });
  // Of steps after the saved one, which are made again.
  const log = new CurveLog(config, { step: 6, curve });
  log.add(steps(7, 9));
  log.addValidation(validation(9));
  const whole = read(log.upTo(9));
  expect(whole.batch).toEqual({ ...steps(1, 9), runId: 0 });
  expect(whole.validations).toEqual([validation(4), validation(9)]);
  expect(whole).toMatchObject({ marks, weights: [{ from: 1, reconWeight, arWeight }] });
});

it('keeps how a run did on the test part, also of the file that it goes on from, but not in what was before', () => {
  const score = { step: 4, bits: Float64Array.of(20, 24), bytes: Float64Array.of(8, 8) };
  const log = new CurveLog(config);
  log.add(steps(1, 4));
  expect(read(log.upTo(4)).testScore).toBeNull();
  log.addScore(score);
  const curve = log.upTo(4);
  expect(read(curve).testScore).toEqual(score);
  expect(read(log.upTo(3)).testScore).toBeNull();
  const longer = new CurveLog(config, { step: 4, curve });
  longer.add(steps(5, 6));
  expect(read(longer.upTo(6)).testScore).toEqual(score);
  longer.addScore({ ...score, step: 6 });
  expect(read(longer.upTo(6)).testScore?.step).toBe(6);
});

it('begins a curve where the file has none that can be read, at the step that follows', () => {
  const damaged = new Map([['curve/step', { dtype: 'F64' as const, shape: [1], data: Float64Array.of(1) }]]);
  for (const curve of [undefined, damaged]) {
    const log = new CurveLog(config, { step: 60, curve });
    expect(log.upTo(60)).toBeUndefined();
    log.add(steps(61, 62));
    expect(read(log.upTo(62)).batch).toEqual({ ...steps(61, 62), runId: 0 });
  }
});

it('says of steps without times, or with other weights, that they are such', () => {
  const timed = new CurveLog({ ...config, model: { ...config.model, arWeight: 9 } });
  timed.add(steps(1, 2, true));
  const log = new CurveLog(config, { step: 2, curve: timed.upTo(2) });
  expect(read(log.upTo(2)).weights).toEqual([{ from: 1, reconWeight, arWeight: 9 }]);
  log.add(steps(3, 4));
  const { batch, weights } = read(log.upTo(4));
  expect(batch.passMilliseconds?.forward).toEqual(Float64Array.of(1, 2, NaN, NaN));
  expect(weights).toEqual([
    { from: 1, reconWeight, arWeight: 9 },
    { from: 3, reconWeight, arWeight },
  ]);
});
