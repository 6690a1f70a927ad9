import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Command } from '../../../src/protocol/commands.ts';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { isUnderWay, pace, TextWriter } from '../../../src/ui/state/text.ts';

const PROMPT = encodeText('Call me ');

function openWriter() {
  const run = createStore<RunState>(() => ({ ...initialRunState, runId: 1, phase: { name: 'training' } }));
  const sent: Command[] = [];
  const clock = { time: 0 };
  let hear: (event: WorkerEvent) => void = () => {};
  let requests = 0;
  const writer = new TextWriter({
    run,
    worker: {
      send: (command) => sent.push(command),
      newRequestId: () => ++requests,
      listen: (listener) => {
        hear = listener;
        return () => {};
      },
    },
    now: () => clock.time,
  });
  const say = (requestId: number, text: string, done = false, runId = 1): void =>
    hear({ type: 'sample', requestId, runId, step: 7, lastStep: 9, prompt: PROMPT, bytes: encodeText(text), done });
  const writing = () => writer.store.getState().writing!;
  const shown = (): string => new TextDecoder().decode(writing().bytes);
  return { writer, run, sent, clock, say, writing, shown };
}

test('a text is asked for with the settings, and grows with what has come', () => {
  const { writer, sent, say, writing, shown } = openWriter();
  writer.set('length', 8);
  writer.set('seed', 3);
  writer.write(PROMPT);
  expect(sent).toEqual([
    { type: 'sample', requestId: 1, prompt: PROMPT, length: 8, temperature: 0.8, topK: 25, seed: 3 },
  ]);
  say(1, 'Ish');
  expect([shown(), writing().status, writing().step, writing().lastStep]).toEqual(['Ish', 'writing', 7, 9]);
  say(1, 'Ishmael.', true);
  expect([shown(), writing().status]).toEqual(['Ishmael.', 'done']);
});

test('what comes late, or for another request or run, changes nothing', () => {
  const { writer, say, writing, shown } = openWriter();
  writer.write(PROMPT);
  say(1, 'Ishma');
  say(1, 'Ish');
  expect(shown()).toBe('Ishma');
  say(0, 'a sample of the run itself');
  say(1, 'another run has other bytes', false, 2);
  expect(shown()).toBe('Ishma');
  say(1, 'Ishmael', true);
  say(1, 'Ishmael and more');
  expect([shown(), writing().status]).toEqual(['Ishmael', 'stopped']);
  writer.write(PROMPT);
  say(1, 'of the text before', true);
  expect([writing().requestId, shown(), writing().status]).toEqual([2, '', 'writing']);
});

test('only one text is written at a time', () => {
  const { writer, sent } = openWriter();
  writer.write(PROMPT);
  writer.write(PROMPT);
  expect(sent).toHaveLength(1);
});

test('a stop is asked for once; the text ends where the engine says', () => {
  const { writer, sent, say, writing, shown } = openWriter();
  writer.write(PROMPT);
  say(1, 'Ish');
  writer.stop();
  writer.stop();
  expect(sent.slice(1)).toEqual([{ type: 'stop-sample', requestId: 1 }]);
  expect([writing().status, isUnderWay(writing())]).toEqual(['stopping', true]);
  say(1, 'Ishma', true);
  expect([shown(), writing().status, isUnderWay(writing())]).toEqual(['Ishma', 'stopped', false]);
});

test('a run that is replaced or lost cuts its text short, and what was written stays', () => {
  const { writer, run, say, writing, shown } = openWriter();
  writer.write(PROMPT);
  say(1, 'Ish');
  run.setState({ runId: 2, phase: { name: 'compiling', done: 0, total: 1 } });
  expect([shown(), writing().status]).toEqual(['Ish', 'cut']);
  say(1, 'Ishmael', true);
  expect(shown()).toBe('Ish');
  run.setState({ phase: { name: 'training' } });
  writer.write(PROMPT);
  run.setState({ phase: { name: 'lost', reason: 'destroyed', message: '', waits: false } });
  expect(writing().status).toBe('cut');
});

test('without a model nothing is asked for', () => {
  const { writer, run, sent } = openWriter();
  run.setState({ phase: { name: 'idle' } });
  writer.write(PROMPT);
  expect(sent).toEqual([]);
  expect(writer.store.getState().writing).toBeNull();
});

test('pace is counted from the question on', () => {
  const { writer, clock, say, writing } = openWriter();
  clock.time = 1000;
  writer.write(PROMPT);
  expect(pace(writing())).toEqual({ firstSeconds: null, bytesPerSecond: null });
  clock.time = 1200;
  say(1, 'Is');
  clock.time = 2000;
  say(1, 'Ishm');
  clock.time = 9000;
  say(1, 'Ishm', true);
  expect(pace(writing())).toEqual({ firstSeconds: 0.2, bytesPerSecond: 4 });
});

test('settings stay within their bounds', () => {
  const { writer } = openWriter();
  const { set } = { set: writer.set.bind(writer) };
  set('temperature', 9);
  set('topK', 0);
  set('seed', -1);
  set('length', 12.6);
  expect(writer.store.getState().settings).toEqual({ temperature: 1.5, topK: 1, seed: 0, length: 13 });
  set('temperature', NaN);
  expect(writer.store.getState().settings.temperature).toBe(1.5);
});
