import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { presetConfig } from '../../../src/config/presets.ts';
import type { RunConfig } from '../../../src/config/types.ts';
import { clearCurves, createCurvesStore } from '../../../src/ui/state/curves.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import {
  addSentRuns,
  bringBackRuns,
  canPin,
  comparedRuns,
  isUntouched,
  keepRuns,
  MAX_PINS,
  MAX_RUNS,
  removeRun,
  renameRun,
  restoreRun,
  togglePin,
} from '../../../src/ui/state/runs.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { mobyDick, plausibleMetrics } from '../support/fake-worker.ts';

const quick = presetConfig('quick');
const seeded = (seed: number): RunConfig => ({ ...quick, training: { ...quick.training, seed } });

/** A page whose runs begin and train as the controller would have it. */
function visit() {
  const run = createStore<RunState>(() => initialRunState);
  const curves = createCurvesStore();
  const runs = keepRuns({ run, curves });
  const reset = (): void => {
    run.setState(({ runId }) => ({ runId: runId + 1, config: null, model: null }));
    clearCurves(curves);
  };
  const start = (config: RunConfig, steps = 10): number => {
    reset();
    run.setState({ config });
    const { runId } = run.getState();
    if (steps > 0) curves.getState().metrics.append(plausibleMetrics(runId, config, 1, steps, 40), config.model);
    return runId;
  };
  return { run, curves, runs, reset, start, all: () => runs.getState().runs };
}

test('a run is there while it trains and stays, curves and all, when another takes its place', () => {
  const { start, all, runs, curves } = visit();
  const first = start(seeded(1));
  expect(runs.getState().presentId).toBe(first);
  const second = start(seeded(2), 20);

  expect(all().map(({ id, metrics }) => [id, metrics.lastStep])).toEqual([
    [first, 10],
    [second, 20],
  ]);
  expect(all()[1].metrics).toBe(curves.getState().metrics);
  expect(runs.getState().presentId).toBe(second);
});

test('a run that never made a step is not kept', () => {
  const { start, all, reset } = visit();
  start(seeded(1), 0);
  expect(all()).toHaveLength(1);
  start(seeded(2));
  reset();

  expect(all().map(({ config }) => config.training.seed)).toEqual([2]);
});

test('a run that was opened without a curve stays when another takes its place', () => {
  const { start, all, curves } = visit();
  start(seeded(1), 0);
  curves.setState({ metrics: new RunMetrics().upTo(500) });
  start(seeded(2));
  expect(all().map(({ config, metrics }) => [config.training.seed, metrics.madeSteps])).toEqual([
    [1, 500],
    [2, 10],
  ]);
});

test('the run of a link finds room, and so does one that is brought back, however many there are', () => {
  const { start, all, runs } = visit();
  for (let seed = 0; seed < MAX_RUNS; seed++) {
    const id = start(seeded(seed));
    if (seed < MAX_PINS) togglePin(runs, id);
  }
  togglePin(runs, all().at(-1)!.id);
  addSentRuns(runs, [{ config: quick, preset: 'quick', metrics: new RunMetrics() }]);
  expect(all()).toHaveLength(MAX_RUNS);
  expect(all()[0]).toMatchObject({ origin: 'link', pin: null });
  const [sent] = all();
  removeRun(runs, sent.id);
  runs.setState({ runs: [...all(), { ...all()[6], id: 99 }] });
  restoreRun(runs);
  expect(all()).toHaveLength(MAX_RUNS);
  expect(all()[0]).toEqual(sent);
});

test('a run that is given up is kept, and there is no present one', () => {
  const { start, reset, runs, all } = visit();
  start(seeded(1));
  reset();

  expect(all()).toHaveLength(1);
  expect(runs.getState().presentId).toBeNull();
});

test('a record takes up what the engine tells and what the run takes up at once', () => {
  const { start, run, all } = visit();
  start(seeded(1));
  const model = { parameters: 5, flopsPerStep: 7, engineBytes: 1, pipelines: 1, dispatches: 1 };
  run.setState({ model });
  run.setState({ config: { ...seeded(1), training: { ...seeded(1).training, learningRate: 0.5 } } });

  expect(all()).toHaveLength(1);
  expect(all()[0].model).toEqual(model);
  expect(all()[0].config.training.learningRate).toBe(0.5);
});

test('a run counts from the preset that it began with', () => {
  const { run, reset, all } = visit();
  reset();
  run.setState({ config: presetConfig('micro'), preset: 'micro' });

  expect(all()[0].preset).toBe('micro');
});

test('the same configuration again has the same name with a number', () => {
  const { start, all } = visit();
  start(seeded(1));
  start(seeded(1));

  expect(all()[1].name).toBe(`${all()[0].name} 2`);
});

test('a run that goes on takes the place of what it was, with its name and its pin', () => {
  const { start, run, reset, runs, all } = visit();
  const first = start(seeded(1));
  renameRun(runs, first, 'mine');
  togglePin(runs, first);
  start(seeded(2));
  reset();
  run.setState({ config: seeded(1), adopted: { name: 'as it was stored', inPlaceOf: first } });

  expect(all().map(({ name, pin }) => [name, pin])).toEqual([
    [all()[0].name, null],
    ['mine', 0],
  ]);
});

test('a run of another visit has the name that it had there', () => {
  const { run, reset, all } = visit();
  reset();
  run.setState({ config: seeded(1), adopted: { name: 'mine' } });

  expect(all()[0].name).toBe('mine');
});

test('so many runs are kept; the oldest without a pin goes', () => {
  const { start, all, runs } = visit();
  const ids = Array.from({ length: MAX_RUNS }, (_, seed) => start(seeded(seed)));
  togglePin(runs, ids[0]);
  const last = start(seeded(99));

  expect(all().map(({ id }) => id)).toEqual([ids[0], ...ids.slice(2), last]);
});

test('at most four runs are pinned beside the newest, each with a dash of its own that it keeps', () => {
  const { start, all, runs } = visit();
  const ids = Array.from({ length: 7 }, (_, seed) => start(seeded(seed)));
  for (const id of ids.slice(0, 6)) togglePin(runs, id);
  const pins = () => all().map(({ pin }) => pin);
  expect(pins()).toEqual([0, 1, 2, 3, null, null, null]);
  expect(canPin(runs.getState(), ids[5])).toBe(false);

  togglePin(runs, ids[1]);
  expect(canPin(runs.getState(), ids[5])).toBe(true);
  togglePin(runs, ids[5]);

  expect(pins()).toEqual([0, null, 2, 3, null, 1, null]);
  expect(MAX_PINS).toBe(4);
});

test('the newest run is drawn anyway: its pin takes none of another configuration, before and after', () => {
  const { start, all, runs } = visit();
  const ids = Array.from({ length: 5 }, (_, seed) => start(seeded(seed)));
  for (const id of ids.toReversed()) togglePin(runs, id);
  expect(all().map(({ pin }) => pin)).toEqual([4, 3, 2, 1, 0]);

  const next = start(seeded(9));
  expect(all().map(({ pin }) => pin)).toEqual([4, 3, 2, 1, 0, null]);
  expect(canPin(runs.getState(), next)).toBe(false);
  expect(comparedRuns(runs.getState())).toHaveLength(6);
});

test('a new name is trimmed, and never empty or taken', () => {
  const { start, all, runs } = visit();
  const first = start(seeded(1));
  const second = start(seeded(2));
  renameRun(runs, first, '  wide   4×  ');
  renameRun(runs, second, 'wide 4×');
  expect(all().map(({ name }) => name)).toEqual(['wide 4×', 'wide 4× 2']);

  renameRun(runs, first, '   ');
  renameRun(runs, second, 'train');

  expect(all().map(({ name }) => name)).toEqual(['wide 4×', 'train 2']);
});

test('a run can be removed and taken back to its place, but not the present one', () => {
  const { start, all, runs } = visit();
  const [first, second, third] = [1, 2, 3].map((seed) => start(seeded(seed)));
  togglePin(runs, second);
  removeRun(runs, third);
  removeRun(runs, second);
  expect(all().map(({ id }) => id)).toEqual([first, third]);

  restoreRun(runs);
  restoreRun(runs);

  expect(all().map(({ id, pin }) => [id, pin])).toEqual([
    [first, null],
    [second, 0],
    [third, null],
  ]);
});

test('a run that was removed can be taken back after a reset, and no more once another has begun', () => {
  const { start, reset, all, runs } = visit();
  const [first, second] = [1, 2].map((seed) => start(seeded(seed)));
  removeRun(runs, first);
  reset();
  restoreRun(runs);
  expect(all().map(({ id }) => id)).toEqual([first, second]);

  removeRun(runs, first);
  start(seeded(3));
  expect(runs.getState().removed).toBeNull();
});

test('runs that were kept come before all others, with their pins and names where these are free', () => {
  const { start, all, runs, curves } = visit();
  const id = start(seeded(1));
  togglePin(runs, id);
  renameRun(runs, id, 'mine');
  const { metrics } = curves.getState();
  const kept = (name: string, pin: number | null) => {
    const preset = 'quick' as const;
    return { name, preset, config: seeded(5), text: null, metrics, model: null, pin };
  };
  const numbers = bringBackRuns(runs, [kept('mine', 0), kept('old', 3), kept('other', null)]);

  expect(all().map((run) => [run.name, run.pin])).toEqual([
    ['mine 2', 1],
    ['old', 3],
    ['other', null],
    ['mine', 0],
  ]);
  expect(all().map((run) => run.id)).toEqual([...numbers, id]);
  expect(new Set(numbers).size).toBe(3);
  expect(comparedRuns(runs.getState()).map(({ name }) => name)).toEqual(['mine 2', 'old', 'mine']);
});

test('of the runs that were kept the pinned ones and the newest find room', () => {
  const { start, all, runs, curves } = visit();
  start(seeded(1));
  const { metrics } = curves.getState();
  const kept = Array.from({ length: MAX_RUNS + 1 }, (_, at) => {
    const preset = 'quick' as const;
    return {
      name: `run ${at}`,
      preset,
      config: seeded(at),
      text: null,
      metrics,
      model: null,
      pin: at === 0 ? 2 : null,
    };
  });
  const numbers = bringBackRuns(runs, kept);
  expect(all()).toHaveLength(MAX_RUNS);
  expect(numbers.map((number) => number === null)).toEqual([false, true, true, ...Array(MAX_RUNS - 2).fill(false)]);
});

test('a page is untouched as long as it has only runs that were there before', () => {
  const { start, runs, curves } = visit();
  const { metrics } = curves.getState();
  bringBackRuns(runs, [
    { name: 'old', preset: 'quick', config: seeded(5), text: null, metrics, model: null, pin: null },
  ]);
  expect(isUntouched(runs.getState())).toBe(true);
  start(seeded(1));
  expect(isUntouched(runs.getState())).toBe(false);
});

test('compared are the newest run and the pinned ones, without pins the newest two', () => {
  const { start, runs } = visit();
  const ids = [1, 2, 3, 4].map((seed) => start(seeded(seed)));
  const compared = (): number[] => comparedRuns(runs.getState()).map(({ id }) => id);
  expect(compared()).toEqual([ids[2], ids[3]]);

  togglePin(runs, ids[0]);

  expect(compared()).toEqual([ids[0], ids[3]]);
});

test('without pins, beside the newest run is the last one that differs in more than its seed', () => {
  const { start, runs } = visit();
  const other = { ...quick, model: { ...quick.model, depth: 1 } };
  const again = { ...other, training: { ...other.training, seed: 5 } };
  const ids = [seeded(1), seeded(2), other, again].map((config) => start(config));

  expect(comparedRuns(runs.getState()).map(({ id }) => id)).toEqual([ids[1], ids[3]]);
});

test('a run keeps the name and the digest of its text, whatever is opened later', () => {
  const { start, run, all } = visit();
  start(seeded(1));
  expect(all()[0].text).toBeNull();
  run.setState({ runCorpus: mobyDick });
  run.setState({ runCorpus: null });
  start(seeded(2));

  expect(all().map(({ text }) => text)).toEqual([{ name: 'Moby Dick', sha256: 'that of Moby Dick' }, null]);
});
