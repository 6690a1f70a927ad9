import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { presetConfig } from '../../../src/config/presets.ts';
import { Calibrator } from '../../../src/ui/state/calibrator.ts';
import { initialRunState, reduceRun } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { gpuAdapter, mobyDick } from '../support/fake-worker.ts';

const speed = { secondsPerFlop: 1e-12, secondsPerValue: 1e-10, secondsPerDispatch: 1e-5, sharesDispatches: false };

function visit(hidden = false) {
  const run = createStore<RunState>(() => ({ ...initialRunState, loading: 'sample' }));
  const sent: string[] = [];
  const waiting: (() => void)[] = [];
  const page = { hidden };
  const calibrator = new Calibrator({
    run,
    worker: { send: ({ type }) => sent.push(type) },
    whenIdle: (callback) => waiting.push(callback),
    config: () => presetConfig('micro'),
    hidden: () => page.hidden,
  });
  const beIdle = (): void => waiting.splice(0).forEach((callback) => callback());
  const tell = (event: Parameters<typeof reduceRun>[1]): void => run.setState((state) => reduceRun(state, event));
  const open = (): void => {
    tell({ type: 'adapter', state: 'ready', info: gpuAdapter });
    tell({ type: 'corpus', requestId: 0, info: mobyDick });
  };
  return { run, sent, page, calibrator, beIdle, tell, open };
}

test('the adapter is measured once, when it and the text are there and the page is idle', () => {
  const { sent, beIdle, tell, open, run } = visit();
  tell({ type: 'adapter', state: 'ready', info: gpuAdapter });
  beIdle();
  expect(sent).toEqual([]);
  open();
  expect(sent).toEqual([]);
  beIdle();
  expect(sent).toEqual(['calibrate']);

  tell({ type: 'calibration', speed });
  run.setState({ samples: [] });
  beIdle();
  expect(sent).toEqual(['calibrate']);
  expect(run.getState().speed).toEqual(speed);
});

test('a run that begins before the page is idle is not disturbed, and after it there is another chance', () => {
  const { sent, beIdle, open, run } = visit();
  open();
  run.setState({ runId: 1, phase: { name: 'compiling', done: 0, total: 0 } });
  beIdle();
  run.setState({ phase: { name: 'training' } });
  beIdle();
  expect(sent).toEqual([]);

  run.setState({ runId: 2, phase: { name: 'idle' } });
  beIdle();
  expect(sent).toEqual(['calibrate']);
});

test('a hidden page measures nothing until it is shown', () => {
  const { sent, beIdle, open, page, calibrator } = visit(true);
  open();
  beIdle();
  expect(sent).toEqual([]);
  page.hidden = false;
  calibrator.consider();
  beIdle();
  expect(sent).toEqual(['calibrate']);
});

test('an adapter of a new worker is measured if the one before was not', () => {
  const { sent, beIdle, open, run } = visit();
  open();
  beIdle();
  run.setState({ adapter: { state: 'probing' } });
  open();
  beIdle();
  expect(sent).toEqual(['calibrate', 'calibrate']);
});
