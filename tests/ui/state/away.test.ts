import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { presetConfig } from '../../../src/config/presets.ts';
import { createAway } from '../../../src/ui/state/away.ts';
import { bumpRevision, createCurvesStore } from '../../../src/ui/state/curves.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';

function openPage() {
  const run = createStore<RunState>(() => ({ ...initialRunState, runId: 1, phase: { name: 'training' } }));
  const curves = createCurvesStore();
  const timers: (() => void)[] = [];
  const later = (callback: () => void): (() => void) => {
    timers.push(callback);
    return () => timers.splice(timers.indexOf(callback), 1);
  };
  const away = createAway({ run, curves, later });
  const config = presetConfig('quick');
  const train = (first: number, last: number): void => {
    curves.getState().metrics.append(plausibleMetrics(1, config, first, last, 10), config.model);
  };
  const steps = (): number | null => away.store.getState().steps;
  return { run, curves, away, timers, train, steps };
}

test('who comes back is told how far the run got, the last second included, for a while', () => {
  const { away, train, curves, steps, timers } = openPage();
  train(1, 10);
  away.turn(true);
  train(11, 400);
  away.turn(false);
  expect(steps()).toBeNull();
  train(401, 412);
  bumpRevision(curves);

  expect(steps()).toBe(402);
  timers[0]();
  expect(steps()).toBeNull();
  train(413, 420);
  bumpRevision(curves);
  expect(steps()).toBeNull();
});

test('who comes back once more sees what is told then as long as the first time', () => {
  const { away, train, curves, steps, timers } = openPage();
  const leaveFor = (first: number, last: number): void => {
    away.turn(true);
    train(first, last);
    away.turn(false);
    bumpRevision(curves);
  };
  leaveFor(1, 10);
  leaveFor(11, 40);
  expect(steps()).toBe(30);
  expect(timers).toHaveLength(1);
  timers[0]();
  expect(steps()).toBeNull();
});

test('a run that ended meanwhile is told of at once', () => {
  const { away, train, run, steps } = openPage();
  train(1, 10);
  away.turn(true);
  train(11, 11);
  run.setState({ phase: { name: 'done' } });
  away.turn(false);

  expect(steps()).toBe(1);
});

test('nothing is told of a run that stood still, or of another run', () => {
  const still = openPage();
  still.run.setState({ phase: { name: 'paused' } });
  still.away.turn(true);
  still.away.turn(false);
  const other = openPage();
  other.away.turn(true);
  other.run.setState({ runId: 2 });
  other.train(1, 5);
  other.away.turn(false);
  bumpRevision(other.curves);
  const later = openPage();
  later.away.turn(true);
  later.train(1, 5);
  later.away.turn(false);
  later.run.setState({ runId: 2 });
  bumpRevision(later.curves);

  expect([still.steps(), other.steps(), later.steps()]).toEqual([null, null, null]);
});
