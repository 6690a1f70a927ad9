import { expect, test, vi } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { Progress } from '../../../src/ui/run/Progress.tsx';
import { StatusStrip } from '../../../src/ui/run/StatusStrip.tsx';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';
import { READY, shown } from '../support/render.tsx';

// Whether a screen can be kept on is asked as the page loads.
vi.hoisted(() => vi.stubGlobal('navigator', {}));

const { config } = decodeQuery('p=micro&st=100');
const training: Partial<RunState> = { ...READY, config, runId: 1, phase: { name: 'training' } };

/** What a run has measured that has made so many steps, at so many of them a second of training. */
function measured(steps: number, rate: number): RunMetrics {
  const metrics = new RunMetrics();
  metrics.append(plausibleMetrics(1, config, 1, steps, rate), config.model);
  return metrics;
}

test('the time that is left is by the clock, with what happens beside training', () => {
  const metrics = measured(40, 10);
  expect(shown(<Progress />, training, '', { metrics })).toContain('ETA 0:06');
  metrics.clock.follow({ type: 'resumed', runId: 1 }, 0, 0);
  metrics.clock.follow({ type: 'metrics', batch: plausibleMetrics(1, config, 1, 40, 10) }, 40, 8);
  expect(shown(<Progress />, training, '', { metrics })).toContain('ETA 0:12');
});

test('no run has 0:00 left: after its last step it says what is left', () => {
  expect(shown(<Progress />, training, '', { metrics: measured(99, 100) })).toContain('ETA 0:01');
  const last = shown(<Progress />, training, '', { metrics: measured(100, 100) });
  expect(last).toContain('last validation…');
  expect(last).not.toContain('ETA');
});

test('the time that a run took is said to be of training', () => {
  const done: Partial<RunState> = { ...training, phase: { name: 'done' } };
  expect(shown(<Progress />, done, '', { metrics: measured(100, 10) })).toContain('in 0:10 of training');
});

test.each([
  [250, '250 steps/s'],
  [2.5, '2.5 steps/s'],
  [0.53, '1.9 s a step'],
  [0.02, '50 s a step'],
])('a speed of %f steps a second is told as %s', (rate, text) => {
  expect(shown(<StatusStrip />, training, '', { metrics: measured(60, rate) })).toContain(`speed ${text}`);
});
