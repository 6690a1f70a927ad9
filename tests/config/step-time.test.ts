import { expect, test } from 'vitest';
import { decodeQuery } from '../../src/config/codec/decode.ts';
import { flopsPerStep, secondsPerStep } from '../../src/config/costs.ts';
import { dispatchesPerStep } from '../../src/config/costs/step-time.ts';
import type { RunConfig } from '../../src/config/types.ts';
import { SMALL_GPU, TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import { traceRun } from '../support/trace-preset.ts';

const read = (query: string): RunConfig => decodeQuery(query).config;
const NOTHING = { secondsPerFlop: 0, secondsPerValue: 0, secondsPerDispatch: 0, sharesDispatches: false };

function tracedDispatches(config: RunConfig, tuning: Tuning): number {
  const { training } = config;
  const { accumulate, update } = traceRun(config, tuning, { ...training, maxBindingBytes: 2 ** 31 });
  return training.accumulation * accumulate.dispatches.length + update.dispatches.length;
}

test.each([
  'p=micro',
  'p=quick',
  'p=two',
  'p=flat',
  'p=readme3',
  'p=readme4',
  'p=quick&h=1_2_4_8',
  'p=quick&h=1-w0_4-w0',
  'p=two&am=1',
  'p=readme4&rc=1',
])('the dispatches of %s are those of the trace, give or take a third', (query) => {
  const config = read(query);
  for (const tuning of [TUNINGS.gpu, SMALL_GPU, TUNINGS.software] satisfies Tuning[]) {
    const shares = tuning !== TUNINGS.software;
    const ratio = dispatchesPerStep(config, shares) / tracedDispatches(config, tuning);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(4 / 3);
  }
});

test('the time of a step grows with work, values and dispatches, each at its own rate', () => {
  const quick = read('p=quick');
  const once = (config: RunConfig) => ({
    flops: secondsPerStep(config, { ...NOTHING, secondsPerFlop: 1e-9 }),
    values: secondsPerStep(config, { ...NOTHING, secondsPerValue: 1e-9 }),
    dispatches: secondsPerStep(config, { ...NOTHING, secondsPerDispatch: 1e-6 }),
  });
  const one = once(quick);

  expect(one.flops).toBeCloseTo(0.8e-9 * flopsPerStep(quick).total, 6);
  expect(one.dispatches).toBeCloseTo(1e-6 * dispatchesPerStep(quick, false), 9);
  // Twice the batch is twice the values, and as many dispatches.
  expect(once(read('p=quick&b=32')).values).toBeCloseTo(2 * one.values, 9);
  expect(once(read('p=quick&b=32')).dispatches).toBe(one.dispatches);
  // So is twice the accumulation, which runs everything but the update twice.
  const twice = once(read('p=quick&ga=2'));
  expect(twice.values).toBeCloseTo(2 * one.values, 9);
  expect(twice.dispatches).toBeCloseTo(2 * one.dispatches - 3e-6, 9);
  expect(
    secondsPerStep(quick, { ...NOTHING, secondsPerFlop: 1e-9, secondsPerValue: 1e-9, secondsPerDispatch: 1e-6 }),
  ).toBeCloseTo(one.flops + one.values + one.dispatches, 9);
});

test('a step that computes activations twice takes longer, for their work, their values and their kernels', () => {
  const [once, twice] = [read('p=two'), read('p=two&rc=1')];
  for (const rate of ['secondsPerFlop', 'secondsPerValue', 'secondsPerDispatch'] as const) {
    const speed = { ...NOTHING, [rate]: 1e-9 };
    const ratio = secondsPerStep(twice, speed) / secondsPerStep(once, speed);
    expect(ratio).toBeGreaterThan(1.1);
    expect(ratio).toBeLessThan(1.5);
  }
});
