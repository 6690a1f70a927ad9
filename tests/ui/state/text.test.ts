import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import type { Command } from '../../../src/protocol/commands.ts';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { isUnderWay, pace, TextWriter } from '../../../src/ui/state/text.ts';
import { copying } from '../support/fake-worker.ts';

const PROMPT = encodeText('Call me ');

/** With a model of quick, whose hierarchies are 1x and 4x, unless a link says otherwise. */
function openWriter(query = '') {
  const { config } = decodeQuery(query);
  const run = createStore<RunState>(() => ({ ...initialRunState, config, runId: 1, phase: { name: 'training' } }));
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
  const texts = () => writer.store.getState().writings;
  const writing = () => texts()[0];
  const shown = (): string => new TextDecoder().decode(writing().bytes);
  const fail = (requestId: number, message: string): void =>
    hear({ type: 'sample-failed', requestId, runId: 1, message });
  return { writer, run, sent, clock, say, fail, texts, writing, shown };
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
  const { writer, run, sent, texts } = openWriter();
  run.setState({ phase: { name: 'idle' } });
  writer.write(PROMPT);
  expect(sent).toEqual([]);
  expect(texts()).toEqual([]);
});

/** What was asked for: which hierarchy is left out of each text. */
function muted(sent: readonly Command[]): (number | undefined)[] {
  return sent.flatMap((command) => (command.type === 'sample' ? [command.muted] : []));
}

test('a text is written without the hierarchy that was chosen, and says so', () => {
  const { writer, sent, say, writing } = openWriter();
  writer.setBy(4);
  writer.write(PROMPT);
  expect(sent).toMatchObject([{ type: 'sample', requestId: 1, muted: 1 }]);
  // It stays what it is, whatever is chosen for the next.
  writer.setBy('all');
  say(1, 'Ish', true);
  expect(writing()).toMatchObject({ without: 4, hadChoice: true });
  writer.write(PROMPT);
  expect(muted(sent)).toEqual([1, undefined]);
  expect(writing()).toMatchObject({ without: null, hadChoice: true });
});

test('texts by each are written one after the other, with the settings of the first', () => {
  const { writer, sent, say, texts } = openWriter();
  writer.setBy('each');
  writer.set('length', 3);
  writer.write(PROMPT);
  const progress = () => texts().map(({ without, status }) => [without, status]);
  const waiting = [4, 'waiting'];
  expect(progress()).toEqual([[null, 'writing'], [1, 'waiting'], waiting]);
  writer.set('seed', 5);
  writer.setBy(1);
  say(1, 'Ish', true);
  expect(progress()).toEqual([[null, 'done'], [1, 'writing'], waiting]);
  writer.write(PROMPT);
  say(2, 'sea', true);
  say(3, 'the', true);
  expect(muted(sent)).toEqual([undefined, 0, 1]);
  expect(sent.every((command) => command.type === 'sample' && command.seed === 0)).toBe(true);
  expect(texts().map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(['Ish', 'sea', 'the']);
  expect(texts().some(isUnderWay)).toBe(false);
});

test('a stop, or the end of the run, gives up the texts that wait', () => {
  const { writer, run, sent, say, texts } = openWriter();
  writer.setBy('each');
  writer.write(PROMPT);
  say(1, 'Ish');
  writer.stop();
  expect(texts().map(({ status }) => status)).toEqual(['stopping']);
  say(1, 'Ishm', true);
  expect(muted(sent)).toHaveLength(1);
  writer.write(PROMPT);
  say(4, 'x'.repeat(256), true);
  run.setState({ runId: 2, phase: { name: 'compiling', done: 0, total: 1 } });
  expect(texts().map(({ status }) => status)).toEqual(['done', 'cut']);
});

test('a text that there is no memory for says so, and the next one is tried', () => {
  const { writer, say, fail, texts } = openWriter();
  writer.setBy('each');
  writer.write(PROMPT);
  say(1, 'x'.repeat(256), true);
  say(2, '', true);
  fail(2, 'text: the adapter has not enough memory');
  expect(texts().map(({ status }) => status)).toEqual(['done', 'failed', 'writing']);
  expect(texts()[1].failure).toBe('text: the adapter has not enough memory');
});

test('all write where the model has no such hierarchy, or merges none', () => {
  for (const [query, by] of [
    ['', 8],
    ['am=1', 'each'],
    ['am=1', 4],
    ['h=1-d16-wf', 'each'],
  ] as const) {
    const { writer, sent, texts } = openWriter(query);
    writer.setBy(by);
    writer.write(PROMPT);
    expect(muted(sent), query).toEqual([undefined]);
    expect(texts()[0].hadChoice, query).toBe(query === '');
  }
});

test('pace is counted from the question on', () => {
  const { writer, clock, say, writing } = openWriter();
  clock.time = 1000;
  writer.write(PROMPT);
  expect(pace(writing())).toEqual({ firstSeconds: null, bytesPerSecond: null });
  clock.time = 1200;
  say(1, 'Is');
  clock.time = 1500;
  say(1, 'Ishm');
  clock.time = 9000;
  say(1, 'Ishm', true);
  expect(pace(writing())).toEqual({ firstSeconds: 0.2, bytesPerSecond: 8 });
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

test('a run of a text that a rule made is prompted with the beginning of a line, unless something was typed', () => {
  const untouched = openWriter();
  untouched.run.setState({ runCorpus: copying });
  expect(untouched.writer.store.getState().prompt).toBe('abc:');
  const typed = openWriter();
  typed.writer.setPrompt('mine');
  typed.run.setState({ runCorpus: copying });
  expect(typed.writer.store.getState().prompt).toBe('mine');
});
