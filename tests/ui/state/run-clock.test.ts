import { expect, test } from 'vitest';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { RunClock } from '../../../src/ui/state/run-clock.ts';
import { FACTS } from '../support/run-page.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';

const config = presetConfig('micro');
const events: Record<string, WorkerEvent> = {
  started: { type: 'started', runId: 1, ...FACTS },
  resumed: { type: 'resumed', runId: 1 },
  paused: { type: 'paused', runId: 1, step: 0 },
  done: { type: 'done', runId: 1, step: 0 },
  validation: { type: 'validation', runId: 1, step: 0, bpb: 4, spread: [] },
  metrics: { type: 'metrics', batch: plausibleMetrics(1, config, 1, 1, 1) },
};

/** A clock that has heard at these times that the run has come to these steps. */
function clockOf(...heard: [keyof typeof events, number, number][]): RunClock {
  const clock = new RunClock();
  for (const [name, step, at] of heard) clock.follow(events[name], step, at);
  return clock;
}

test('the time of a step holds all that happened beside it, up to the end of the run', () => {
  const clock = clockOf(
    ['started', 0, 10],
    ['resumed', 0, 10],
    ['metrics', 4, 12],
    ['validation', 4, 15],
    ['metrics', 10, 18],
    ['done', 10, 20],
  );
  expect(clock.secondsPerStep).toBe(1);
});

test('while a run stands still no time passes, and single steps do not count', () => {
  const clock = clockOf(['resumed', 0, 0], ['metrics', 10, 5], ['paused', 10, 5], ['metrics', 11, 60]);
  expect(clock.secondsPerStep).toBe(0.5);
  clock.follow(events.resumed, 11, 90);
  clock.follow(events.metrics, 21, 95);
  expect(clock.secondsPerStep).toBe(0.5);
});

test('a sleep of the computer is no time of a step, and a step of many minutes is', () => {
  const slept = clockOf(
    ['resumed', 0, 0],
    ['metrics', 10, 5],
    ['metrics', 11, 8 * 3600],
    ['metrics', 21, 8 * 3600 + 5],
  );
  expect(slept.secondsPerStep).toBe(0.5);
  expect(slept.secondsPerStepLately).toBeCloseTo(0.5, 12);
  expect(clockOf(['resumed', 0, 0], ['metrics', 1, 900]).secondsPerStep).toBe(900);
});

test('what is left is told by the last 20 seconds or so: it follows the machine, and one sample does not shake it', () => {
  const clock = clockOf(['resumed', 0, 0]);
  let [step, at] = [0, 0];
  const go = (seconds: number, perStep: number): void => {
    for (const end = at + seconds; at < end; at += 0.1) clock.follow(events.metrics, (step += 0.1 / perStep), at + 0.1);
  };
  go(100, 0.02);
  // A sample of 1.5 s.
  at += 1.5;
  go(0.2, 0.02);
  expect(clock.secondsPerStepLately! / 0.02).toBeGreaterThan(1.02);
  expect(clock.secondsPerStepLately! / 0.02).toBeLessThan(1.15);
  go(60, 0.06);
  expect(clock.secondsPerStepLately! / 0.06).toBeGreaterThan(0.9);
});

test('where steps take long what is left is told by the last five or so', () => {
  const clock = clockOf(['resumed', 0, 0]);
  for (let step = 1; step <= 20; step++) clock.follow(events.metrics, step, 60 * step);
  clock.follow(events.metrics, 21, 1200 + 90);
  expect(clock.secondsPerStepLately! - 60).toBeGreaterThan(30 / 8);
  expect(clock.secondsPerStepLately! - 60).toBeLessThan(30 / 4);
});

test('how long a run was prepared is known of one that was asked for here', () => {
  const clock = new RunClock();
  clock.ask(3);
  expect(clock.preparation).toBeNull();
  clock.follow(events.started, 0, 10);
  // A device that is lost later has the same run built again.
  clock.follow(events.started, 20, 500);
  expect(clock.preparation).toBe(7);
  expect(clockOf(['started', 5, 10]).preparation).toBeNull();
});
