import { expect, test } from 'vitest';
import { presetConfig } from '../../../../src/config/presets.ts';
import { withTraining } from '../../../../src/config/problem.ts';
import { meanCurve } from '../../../../src/ui/compare/seeds/mean-curve.ts';
import { RunMetrics } from '../../../../src/ui/state/run-metrics.ts';
import type { RunRecord } from '../../../../src/ui/state/runs.ts';
import { plausibleMetrics } from '../../support/fake-worker.ts';
import { recordOf } from '../../support/run-record.ts';

const micro = presetConfig('micro');
const STEP_FLOPS = 1000;

/** A run of twenty steps with that loss at each, validated at those steps with the same loss. */
function seeded(seed: number, loss: (step: number) => number, validated = [10, 20]): RunRecord {
  const config = withTraining(micro, { seed, steps: 20 });
  const metrics = new RunMetrics();
  const batch = plausibleMetrics(1, config, 1, 20, 10);
  metrics.append({ ...batch, trainBpb: batch.step.map(loss) }, config.model);
  for (const step of validated) metrics.appendValidation(step, loss(step));
  return { ...recordOf(`seed ${seed}`, config, 20, STEP_FLOPS), metrics };
}

test('the curve of several seeds is their mean at each step, in a band from the lowest to the highest', () => {
  const { series, at, band } = meanCurve(
    [seeded(0, (step) => 8 - step / 10), seeded(1, () => 4), seeded(2, () => 3)],
    'flops',
    false,
  );

  expect(series.y.length).toBe(20);
  expect(series.y.at(9)).toBeCloseTo((7 + 4 + 3) / 3, 12);
  expect(at.column.at(9) * at.scale).toBe(10 * STEP_FLOPS);
  const { low, high } = band.boundsBy(0);
  expect([low.at(9), high.at(9)]).toEqual([3, 7]);
});

test('runs that were validated at different steps have a mean where all of them were', () => {
  const runs = [seeded(0, () => 2, [5, 10, 20]), seeded(1, () => 4, [10, 15, 20])];
  const { series } = meanCurve(runs, 'step', true);

  expect([...series.x.view()]).toEqual([10, 20]);
  expect([...series.y.view()]).toEqual([3, 3]);
});

test('over time, a step lies where it was on the average of all seeds', () => {
  const runs = [seeded(0, () => 2), seeded(1, () => 4)];
  const [first, second] = runs.map(({ metrics }) => metrics.activeSeconds.at(19));
  const { at } = meanCurve(runs, 'time', false);

  expect(at.column.last * at.scale).toBeCloseTo((first + second) / 2, 12);
});
