import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { CompareTable } from '../../../src/ui/compare/CompareTable.tsx';
import { RunsRail } from '../../../src/ui/compare/rail/RunsRail.tsx';
import { BitsPanel } from '../../../src/ui/run/BitsPanel.tsx';
import { Progress } from '../../../src/ui/run/Progress.tsx';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';
import { READY, shown } from '../support/render.tsx';
import { recordOf } from '../support/run-record.ts';

const config = { ...presetConfig('micro'), training: { ...presetConfig('micro').training, steps: 90 } };
const present = { ...READY, config, runId: 1 };

/** A run that stands at step 90, of which so many steps were measured. */
function measured(steps: number): RunMetrics {
  const metrics = new RunMetrics();
  if (steps > 0) metrics.append(plausibleMetrics(1, config, 1, steps, 100), config.model);
  return metrics.upTo(90);
}

test('a run without a curve is shown at its step, and not as one that never trained', () => {
  const parts = { metrics: measured(0) };
  const progress = shown(<Progress />, { ...present, phase: { name: 'done' } }, '', parts);
  expect(progress).toContain('Step 90 / 90');
  expect(progress).not.toContain('in 0:00');
  const panel = shown(<BitsPanel />, { ...present, phase: { name: 'done' } }, '', parts);
  expect(panel).toContain('This run came from a file without its curve, at step 90.');
  expect(panel).not.toContain('Without training');
});

test.each([0, 60])('the list of runs has the steps of a run of which %i were measured, and no time', (steps) => {
  const sent = { config, preset: 'micro' as const, metrics: measured(steps) };
  expect(shown(<RunsRail looks={new Map()} />, present, '', { sent })).toMatch(/steps90active time–/);
});

test('figures of a curve that ends earlier are said to be of its last step', () => {
  const parts = { metrics: measured(60) };
  const done = { ...present, phase: { name: 'done' } } as const;
  expect(shown(<Progress />, done, '', parts)).toContain('Step 90 / 90');
  expect(shown(<BitsPanel />, done, '', parts)).toContain('at step 60, where the curve ends that came with the run');
});

test('the best validation of a curve that ends earlier is said to be no later one', () => {
  const run = { ...recordOf('earlier', config, 60, 1e9), id: 1 };
  const runs = [{ ...run, metrics: run.metrics.upTo(90) }];
  const rail = shown(<RunsRail looks={new Map()} />, present, '', { runs });
  expect(rail).toMatch(/best validation, until step 60[\d.]+steps/);
  expect(shown(<CompareTable runs={runs} looks={new Map()} />, present, '', { runs })).toMatch(/40\.00, until step 60/);
});

test('a curve that is whole needs no such words', () => {
  const done = { ...present, phase: { name: 'done' } } as const;
  const parts = { metrics: measured(90) };
  expect(shown(<Progress />, done, '', parts)).toMatch(/Step 90 \/ 90.*in \d/);
  expect(shown(<BitsPanel />, done, '', parts)).not.toContain('where the curve ends');
});
