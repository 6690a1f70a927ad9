import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { presetConfig } from '../../../src/config/presets.ts';
import type { Command } from '../../../src/protocol/commands.ts';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { ExactRows } from '../../../src/ui/state/exact-rows.ts';
import type { Capture } from '../../../src/ui/state/inspection.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { plausibleInspection } from '../support/fake-inspection.ts';

const inspection = plausibleInspection(presetConfig('micro').model, encodeText('the ancient Roman empire'));
const ROW = { layer: 0, hierarchy: 1, token: 21 };

function open() {
  const run = createStore<RunState>(() => ({ ...initialRunState, runId: 1, phase: { name: 'training' } }));
  const sent: Extract<Command, { type: 'attention-row' }>[] = [];
  const timers = new Set<() => void>();
  let hear: (event: WorkerEvent) => void = () => {};
  let requests = 0;
  const rows = new ExactRows({
    run,
    worker: {
      send: (command) => command.type === 'attention-row' && sent.push(command),
      newRequestId: () => ++requests,
      listen: (listener) => {
        hear = listener;
        return () => {};
      },
    },
    later: (callback) => {
      timers.add(callback);
      return () => timers.delete(callback);
    },
  });
  const rest = (): void => {
    const due = [...timers];
    timers.clear();
    due.forEach((callback) => callback());
  };
  const answer = (requestId: number, weights: Float32Array | null, runId = 1): void =>
    hear({ type: 'attention-row', requestId, runId, weights });
  const capture: Capture = { runId: 1, step: 60, inspection };
  return { run, rows, sent, rest, answer, capture };
}

test('a row is asked for once one rests on it, by the step and text of its capture, and only once', () => {
  const { rows, sent, rest, answer, capture } = open();
  rows.want(capture, { ...ROW, token: 3 })();
  rows.want(capture, ROW);
  expect(sent).toEqual([]);
  rest();
  rows.want(capture, ROW);
  rest();

  expect(sent).toEqual([{ type: 'attention-row', requestId: 1, text: inspection.text, step: 60, row: ROW }]);
  expect(rows.rowOf(capture, ROW)).toBeUndefined();
  const { revision } = rows.store.getState();
  answer(1, Float32Array.of(0.25, 0.75));
  expect(rows.rowOf(capture, ROW)).toEqual(Float32Array.of(0.25, 0.75));
  expect(rows.store.getState().revision).toBeGreaterThan(revision);
  rows.want(capture, ROW);
  rest();
  expect(sent).toHaveLength(1);
});

test('a capture that the model has left behind is asked for nothing more, but keeps what is known', () => {
  const { rows, sent, rest, answer, capture } = open();
  rows.want(capture, ROW);
  rows.want(capture, { ...ROW, token: 22 });
  rest();
  answer(1, Float32Array.of(1));
  answer(2, null);
  rows.want(capture, { ...ROW, token: 23 });
  rest();

  expect(sent).toHaveLength(2);
  expect(rows.rowOf(capture, ROW)).toEqual(Float32Array.of(1));
  expect(rows.rowOf(capture, { ...ROW, token: 23 })).toBeNull();
});

test('a recorded capture and one of an earlier run have no exact rows', () => {
  const { run, rows, sent, rest, answer, capture } = open();
  expect(rows.rowOf({ ...capture, runId: 0 }, ROW)).toBeNull();
  rows.want({ ...capture, runId: 0 }, ROW);
  rest();
  expect(sent).toEqual([]);
  rows.want(capture, ROW);
  rest();
  run.setState({ runId: 2 });
  answer(1, Float32Array.of(1));
  expect(rows.rowOf(capture, ROW)).toBeNull();
  run.setState({ phase: { name: 'idle' } });
  expect(rows.rowOf({ ...capture, runId: 2 }, ROW)).toBeNull();
});

test('a row that was asked for when the device was lost is asked for again', () => {
  const { run, rows, sent, rest, answer, capture } = open();
  rows.want(capture, ROW);
  rest();
  run.setState({ phase: { name: 'lost', reason: 'unknown', message: '', waits: false } });
  run.setState({ phase: { name: 'compiling', done: 0, total: 0 } });
  run.setState({ phase: { name: 'training' } });
  rows.want(capture, ROW);
  rest();
  expect(sent).toHaveLength(2);
  answer(2, null);
  expect(rows.rowOf(capture, ROW)).toBeNull();
});
