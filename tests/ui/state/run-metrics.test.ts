import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import type { MetricsBatch } from '../../../src/protocol/events.ts';
import { historyOf, metricsOf } from '../../../src/ui/state/run-history.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';

const { model } = presetConfig('quick');

function batch(change: Partial<MetricsBatch>): MetricsBatch {
  const step = change.step ?? Float64Array.of(1, 2);
  return {
    runId: 1,
    step,
    trainBpb: step.map(() => 4),
    recon: [null, step.map(() => 2)],
    ar: [null, step.map(() => 0.5)],
    gradNorm: step.map(() => 1),
    learningRate: step.map(() => 1e-3),
    activeSeconds: step.map((at) => at / 10),
    ...change,
  };
}

test('what the optimiser sees is every loss in nats times its weight at that step', () => {
  const metrics = new RunMetrics();
  metrics.append(batch({}), { ...model, reconWeight: 0.1, arWeight: 0.25 });
  metrics.append(batch({ step: Float64Array.of(3) }), { ...model, reconWeight: 0.5, arWeight: 0.25 });
  const { nextByte, recon, prediction, nextByteAndRecon, total } = metrics.objective;

  expect(nextByte.y.at(0)).toBeCloseTo(4 * Math.LN2, 12);
  expect(recon.y.at(0)).toBeCloseTo(0.2 * Math.LN2, 12);
  expect(recon.y.at(2)).toBeCloseTo(Math.LN2, 12);
  expect(prediction.y.at(0)).toBeCloseTo(0.125, 12);
  expect(nextByteAndRecon.y.at(0)).toBeCloseTo(4.2 * Math.LN2, 12);
  expect(total.y.at(0)).toBeCloseTo(4.2 * Math.LN2 + 0.125, 12);
});

test('each step of a stored run keeps the weights of its losses, and runs from before they were kept have the last', () => {
  const [first, second] = [0.1, 0.5].map((reconWeight) => ({ ...model, reconWeight }));
  const all = batch({ step: Float64Array.from({ length: 20 }, (_, at) => at + 1) });
  const metrics = new RunMetrics();
  metrics.append(all, (step) => (step <= 12 ? first : second));
  const history = structuredClone(historyOf(metrics));
  expect(metricsOf(history, second).objective.recon.y.view()).toEqual(metrics.objective.recon.y.view());
  // Taken back before the change, it has what it is trained with from there on.
  const again = metricsOf(history, second).upTo(10);
  again.append(batch({ step: Float64Array.of(11, 12) }), second);
  expect(again.weights.map(({ from, reconWeight }) => [from, reconWeight])).toEqual([
    [1, 0.1],
    [11, 0.5],
  ]);

  const { weights: _, ...older } = history;
  const alike = new RunMetrics();
  alike.append(all, second);
  expect(metricsOf(older, second).objective.total.y.view()).toEqual(alike.objective.total.y.view());
});

test('steps that are read back in clusters have an even time', () => {
  const metrics = new RunMetrics();
  const steps = Float64Array.from({ length: 24 }, (_, at) => at + 1);
  // Eight at a time, 0.4 s apart.
  const seconds = steps.map((step) => 0.4 * Math.ceil(step / 8));
  metrics.append(batch({ step: steps.slice(0, 10), activeSeconds: seconds.slice(0, 10) }), model);
  metrics.append(batch({ step: steps.slice(10), activeSeconds: seconds.slice(10) }), model);

  expect(metrics.stepTime.y.length).toBe(24);
  for (const time of metrics.stepTime.y.view().slice(7)) expect(time).toBeCloseTo(50, 9);
});

test('a rate takes more than two steps, and those of an earlier visit do not count', () => {
  const metrics = new RunMetrics();
  metrics.append(batch({}), model);
  expect(metrics.stepsPerSecond).toBeNull();
  metrics.append(batch({ step: Float64Array.of(3) }), model);
  expect(metrics.stepsPerSecond).toBeCloseTo(10, 9);

  const later = metricsOf(historyOf(metrics), model);
  expect(later.stepsPerSecond).toBeNull();
  const seconds = (step: Float64Array): Float64Array => step.map((at) => 0.3 + (at - 3) / 40);
  const steps = Float64Array.of(4, 5, 6);
  later.append(batch({ step: steps, activeSeconds: seconds(steps) }), model);
  expect(later.stepsPerSecond).toBeCloseTo(40, 9);
  expect(later.upTo(5).stepsPerSecond).toBeNull();
});

test('passes that were not timed are missing, and those after them are in their place', () => {
  const metrics = new RunMetrics();
  metrics.append(batch({}), model);
  expect(metrics.passesTimed).toBe(false);

  const one = Float64Array.of(3);
  metrics.append(batch({ step: one, passMilliseconds: { forward: one, backward: one, update: one } }), model);

  expect(metrics.passesTimed).toBe(true);
  expect([...metrics.passes.forwardBackward.y.view()]).toEqual([NaN, NaN, 6]);
  expect([...metrics.passes.total.y.view()]).toEqual([NaN, NaN, 9]);
});

test('a validation gets its time when its step has come, before or after', () => {
  const metrics = new RunMetrics();
  metrics.appendValidation(0, 8);
  metrics.appendValidation(2, 4);
  expect([...metrics.validationSeconds.view()]).toEqual([0]);

  metrics.append(batch({}), model);
  metrics.appendValidation(2, 4);

  expect([...metrics.validationSeconds.view()]).toEqual([0, 0.2, 0.2]);
});

test('the columns up to a step are those of a run that was measured no further', () => {
  const metrics = new RunMetrics();
  const short = new RunMetrics();
  const all = Float64Array.from({ length: 30 }, (_, at) => at + 1);
  const passMilliseconds = (step: Float64Array) => ({
    forward: step.map((at) => at),
    backward: step.map((at) => 2 * at),
    update: step.map(() => 1),
  });
  const measured = (step: Float64Array): MetricsBatch =>
    batch({ step, trainBpb: step.map((at) => 8 - at / 10), passMilliseconds: passMilliseconds(step) });
  metrics.append(measured(all), model);
  short.append(measured(all.subarray(0, 20)), model);
  for (const step of [10, 20, 30]) metrics.appendValidation(step, 5 - step / 10, [null, step / 100]);
  for (const step of [10, 20]) short.appendValidation(step, 5 - step / 10, [null, step / 100]);
  expect(metrics.train.smoothed.length).toBe(30);
  const kept = metrics.upTo(20);

  expect(kept.train.smoothed.view()).toEqual(short.train.smoothed.view());
  expect(kept.recon[0]).toBeNull();
  expect(kept.recon[1]?.smoothed.view()).toEqual(short.recon[1]?.smoothed.view());
  expect(kept.passes.total.y.view()).toEqual(short.passes.total.y.view());
  expect(kept.objective.total.y.view()).toEqual(short.objective.total.y.view());
  expect(kept.stepTime.y.view()).toEqual(short.stepTime.y.view());
  expect(kept.validationSeconds.view()).toEqual(short.validationSeconds.view());
  expect(kept.validation.y.view()).toEqual(short.validation.y.view());
  expect(kept.spread[0]).toBeNull();
  expect(kept.spread[1]?.y.view()).toEqual(short.spread[1]?.y.view());
  expect(metrics.lastStep).toBe(30);
  kept.append(measured(all.subarray(20)), model);
  expect(kept.train.smoothed.view()).toEqual(metrics.train.smoothed.view());
});

test('the spread of embeddings comes with validations; one without it leaves a gap', () => {
  const metrics = new RunMetrics();
  metrics.appendValidation(1, 8);
  metrics.appendValidation(2, 7, [null, 0.5]);
  metrics.appendValidation(3, 6);
  metrics.appendValidation(4, 5, [null, 0.25]);

  expect(metrics.spread[0]).toBeNull();
  expect([...metrics.spread[1]!.x.view()]).toEqual([1, 2, 3, 4]);
  expect([...metrics.spread[1]!.y.view()]).toEqual([NaN, 0.5, NaN, 0.25]);
});

test('how the model did on the test part goes with the step at which it was measured', () => {
  const metrics = new RunMetrics();
  metrics.append(batch({}), model);
  metrics.testScore = { step: 2, bits: Float64Array.of(10, 12), bytes: Float64Array.of(4, 4) };
  expect(metrics.upTo(2).testScore).toBe(metrics.testScore);
  expect(metrics.upTo(1).testScore).toBeNull();
});
