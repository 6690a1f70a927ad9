import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { withTraining } from '../../../src/config/problem.ts';
import { chartEnd } from '../../../src/ui/chart/chart-source.ts';
import type { ChartSource } from '../../../src/ui/chart/chart-source.ts';
import { lineOf } from '../support/chart-line.ts';
import { recordOf } from '../support/run-record.ts';

const config = withTraining(presetConfig('micro'), { steps: 400 });

/** A run of 400 steps at one of them, with a line that ends there. */
function at(step: number): ChartSource {
  return { run: recordOf('calm owl', config, step, 1e9), lines: [lineOf('curve', [1, 2], step / 2)] };
}

test('a chart ends where the view of its first run does, or where a longer one has come to', () => {
  expect(chartEnd([], 'step')).toBe(1);
  expect(chartEnd([at(60)], 'step')).toBe(100);
  expect(chartEnd([at(60), at(80)], 'step')).toBe(100);
  expect(chartEnd([at(60), at(80), at(150)], 'step')).toBe(150);
});

test('in time a chart does not show what is to come of its first run', () => {
  const source = at(60);
  const seconds = source.run.metrics.activeSeconds.last;
  const end = chartEnd([source], 'time');
  expect(end).toBeGreaterThanOrEqual(seconds);
  expect(end).toBeLessThanOrEqual(Math.max(5, Math.ceil(1.5 * seconds)));
});
