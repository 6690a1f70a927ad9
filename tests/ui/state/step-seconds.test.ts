import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { flopsPerStep, secondsPerStep } from '../../../src/config/costs.ts';
import { estimatedRunSeconds, estimatedStepSeconds, leftOut } from '../../../src/ui/state/step-seconds.ts';

const quick = decodeQuery('p=quick').config;
const two = decodeQuery('p=two').config;
const speed = { secondsPerFlop: 1e-10, secondsPerValue: 1e-9, secondsPerDispatch: 1e-5, sharesDispatches: false };

test('nothing is estimated before anything is measured', () => {
  expect(estimatedStepSeconds(quick, null, null)).toBeNull();
});

test('before a run the adapter’s speed says how long a step takes', () => {
  expect(estimatedStepSeconds(quick, speed, null)).toBe(secondsPerStep(quick, speed));
});

test('a run says it of its own configuration, and of others in proportion', () => {
  const run = { config: quick, secondsPerStep: 0.5, preparation: null };

  expect(estimatedStepSeconds(quick, speed, run)).toBeCloseTo(0.5, 12);
  expect(estimatedStepSeconds(two, speed, run)).toBeCloseTo(
    (0.5 * secondsPerStep(two, speed)) / secondsPerStep(quick, speed),
    12,
  );
  expect(estimatedStepSeconds(two, null, run)).toBeCloseTo(
    (0.5 * flopsPerStep(two).total) / flopsPerStep(quick).total,
    12,
  );
});

test('before a run validations are counted beside its steps; the rate of a run has them in it', () => {
  const micro = decodeQuery('p=micro').config;
  // One every 22 steps, of eight batches, each a pass forward.
  const { steps } = micro.training;
  const ofSteps = steps * secondsPerStep(micro, speed);
  expect(estimatedRunSeconds(micro, speed, null)! / ofSteps).toBeCloseTo(1 + (14 * 8) / 3 / steps, 12);
  const run = { config: micro, secondsPerStep: 0.5, preparation: null };
  expect(estimatedRunSeconds(micro, speed, run)).toBeCloseTo(0.5 * steps, 9);
  expect(estimatedRunSeconds(micro, null, null)).toBeNull();
});

test('what comes before the first step is counted once a run has told it, and until then said to be left out', () => {
  const run = { config: quick, secondsPerStep: 0.5, preparation: 12 };
  expect(estimatedRunSeconds(quick, speed, run)).toBeCloseTo(0.5 * quick.training.steps + 12, 9);
  expect(leftOut(run)).toBe('');
  expect(leftOut({ ...run, preparation: null })).toBe(' after compiling');
  expect(leftOut(null)).toBe(' after compiling');
});
