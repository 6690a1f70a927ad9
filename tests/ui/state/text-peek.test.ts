import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Command } from '../../../src/protocol/commands.ts';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { TextPeek } from '../../../src/ui/state/text-peek.ts';
import { mobyDick } from '../support/fake-worker.ts';

type Question = Extract<Command, { type: 'peek' }>;

function visit() {
  const run = createStore<RunState>(() => ({ ...initialRunState, corpus: mobyDick }));
  const asked: Question[] = [];
  let tell: (event: WorkerEvent) => void = () => {};
  let requests = 0;
  const peek = new TextPeek({
    run,
    worker: {
      send: (command) => asked.push(command as Question),
      newRequestId: () => ++requests,
      listen: (listener) => {
        tell = listener;
        return () => true;
      },
    },
  });
  const answer = (byte: number, requestId = asked.at(-1)!.requestId): void =>
    tell({ type: 'peek', requestId, bytes: Uint8Array.of(byte) });
  return { run, peek, asked, answer, offsets: () => asked.map(({ offset }) => offset) };
}

test('nothing is asked for until somebody looks', () => {
  const { peek, asked } = visit();
  peek.seek(64);
  expect(asked).toEqual([]);
  peek.look();
  expect(asked).toMatchObject([{ offset: 64, length: 1024 }]);
});

test('places are whole rows within the text', () => {
  const { peek } = visit();
  const placeOf = (offset: number): number => {
    peek.seek(offset);
    return peek.store.getState().offset;
  };
  expect([100, -5, 1e12, NaN].map(placeOf)).toEqual([96, 0, 1_204_992, 1_204_992]);
});

test('one question is under way at a time, and the last place is asked for in the end', () => {
  const { peek, answer, offsets } = visit();
  peek.look();
  for (const offset of [160, 320, 480]) peek.seek(offset);
  expect(offsets()).toEqual([0]);
  answer(1);
  expect(peek.store.getState().slice).toEqual({ offset: 0, bytes: Uint8Array.of(1) });
  expect(offsets()).toEqual([0, 480]);
  answer(2);
  expect(peek.store.getState().slice).toEqual({ offset: 480, bytes: Uint8Array.of(2) });
  expect(offsets()).toEqual([0, 480]);
});

test('another text begins at its beginning, and what was asked of the one before is no answer', () => {
  const { run, peek, answer, asked } = visit();
  peek.look();
  peek.seek(320);
  run.setState({ corpus: { ...mobyDick, name: 'other' } });
  expect(peek.store.getState()).toEqual({ offset: 0, slice: null });
  expect(asked).toHaveLength(2);
  answer(1, asked[0].requestId);
  expect(peek.store.getState().slice).toBeNull();
  answer(2);
  expect(peek.store.getState().slice).toEqual({ offset: 0, bytes: Uint8Array.of(2) });
});

test('who looks away asks for nothing more', () => {
  const { peek, answer, asked } = visit();
  const end = peek.look();
  answer(1);
  end();
  peek.seek(320);
  expect(asked).toHaveLength(1);
});
