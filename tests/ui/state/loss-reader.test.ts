import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { LossReader } from '../../../src/ui/state/loss-reader.ts';
import { askerPage } from '../support/asker-page.ts';
import { copying, mobyDick } from '../support/fake-worker.ts';
import { plausibleInspection } from '../support/fake-inspection.ts';

const { model } = presetConfig('micro');

function openReader() {
  const { parts, run, sent, timers, page, hear } = askerPage({ phase: { name: 'training' } });
  const reader = new LossReader(parts);
  const answer = (requestId: number, step: number, runId = 1): void => {
    const inspection = plausibleInspection(model, reader.store.getState().passage.text);
    hear({ type: 'inspection', requestId, runId, step, inspection });
  };
  const fireTimer = (): void => {
    const { callback, delay } = timers.shift()!;
    page.time += delay;
    callback();
  };
  const own = (text: string) => ({ source: 'own' as const, text: encodeText(text), start: 0 });
  const step = (): number | undefined => reader.store.getState().capture?.step;
  const rewind = (to: number): void => hear({ type: 'rewound', runId: 1, step: to });
  return { reader, run, sent, timers, page, answer, fireTimer, own, step, rewind };
}

test('the passage is read without attention once somebody looks', () => {
  const { reader, sent, answer, step } = openReader();
  expect(sent).toEqual([]);
  reader.look();
  const { text } = reader.store.getState().passage;
  expect(sent).toEqual([{ type: 'inspect', requestId: 1, text, attention: false }]);
  answer(1, 40);
  expect(step()).toBe(40);
});

test('while a run goes on it is read again after ten seconds, but not while the page is hidden or closed', () => {
  const { reader, sent, timers, page, answer, fireTimer } = openReader();
  const leave = reader.look();
  answer(1, 10);
  expect(timers.map(({ delay }) => delay)).toEqual([10_000]);
  page.hidden = true;
  fireTimer();
  expect(sent).toHaveLength(1);
  page.hidden = false;
  fireTimer();
  expect(sent).toHaveLength(2);
  answer(2, 20);
  leave();
  expect(timers).toEqual([]);
});

test('a slow answer is asked for less often, but the first one says nothing about that', () => {
  const { reader, timers, page, answer, fireTimer } = openReader();
  reader.look();
  page.time += 8000;
  answer(1, 10);
  expect(timers.map(({ delay }) => delay)).toEqual([10_000]);
  fireTimer();
  page.time += 8000;
  answer(2, 20);
  expect(timers.map(({ delay }) => delay)).toEqual([80_000]);
});

test('who comes back within ten seconds sees the same answer', () => {
  const { reader, sent, answer, page } = openReader();
  const leave = reader.look();
  answer(1, 10);
  leave();
  page.time = 4000;
  reader.look()();
  expect(sent).toHaveLength(1);
  page.time = 11_000;
  reader.look();
  expect(sent).toHaveLength(2);
});

test('a run that stands still is read for what it came to, and not again', () => {
  const { reader, run, sent, answer, timers } = openReader();
  reader.look();
  answer(1, 10);
  run.setState({ phase: { name: 'done' } });
  expect(sent).toHaveLength(2);
  answer(2, 12);
  expect(timers).toEqual([]);
  run.setState({ phase: { name: 'training' } });
  expect(timers.map(({ delay }) => delay)).toEqual([10_000]);
});

test('another passage is read at once; the answer about the one before is dropped', () => {
  const { reader, sent, answer, own, step } = openReader();
  reader.look();
  reader.read(own('white whale'), 3);
  expect(sent).toHaveLength(2);
  answer(1, 10);
  expect(step()).toBeUndefined();
  answer(2, 11);
  expect([step(), reader.store.getState().picked]).toEqual([11, 3]);
  reader.read(own('white whale'), 5);
  expect([sent.length, step(), reader.store.getState().picked]).toEqual([2, 11, 5]);
});

test('answers of an earlier run are dropped, and the next run is asked anew', () => {
  const { reader, run, sent, answer, step } = openReader();
  reader.look();
  answer(1, 10);
  run.setState({ runId: 2, phase: { name: 'compiling', done: 0, total: 1 } });
  answer(1, 12);
  expect(step()).toBeUndefined();
  run.setState({ phase: { name: 'training' } });
  expect(sent).toHaveLength(2);
  answer(2, 1, 2);
  expect(step()).toBe(1);
});

test('an empty passage is not asked for', () => {
  const { reader, sent, own } = openReader();
  reader.read(own(''));
  reader.look();
  expect(sent).toEqual([]);
});

test('nothing is asked while nobody looks, whatever becomes of the run', () => {
  const { reader, run, sent, answer, own } = openReader();
  run.setState({ phase: { name: 'paused' } });
  reader.read(own('white whale'));
  expect(sent).toEqual([]);
  reader.look()();
  answer(1, 10);
  run.setState({ phase: { name: 'training' } });
  run.setState({ phase: { name: 'done' } });
  expect(sent).toHaveLength(1);
});

test('who comes back to a run that has come to stand meanwhile sees what it came to', () => {
  const { reader, run, sent, answer } = openReader();
  const leave = reader.look();
  answer(1, 10);
  leave();
  run.setState({ phase: { name: 'paused' } });
  reader.look()();
  expect(sent).toHaveLength(2);
  // This answer comes when nobody looks any more.
  answer(2, 12);
  reader.look();
  expect(sent).toHaveLength(3);
});

test('a single step of a run that stands is read', () => {
  const { reader, run, sent, answer } = openReader();
  run.setState({ phase: { name: 'paused' } });
  reader.look();
  answer(1, 10);
  run.setState({ phase: { name: 'paused' } });
  expect(sent).toHaveLength(2);
});

test('what was read of steps that a run has taken back is dropped, and it is read anew', () => {
  const { reader, run, sent, answer, step, rewind } = openReader();
  reader.look();
  answer(1, 10);
  rewind(10);
  expect(step()).toBe(10);
  answer(2, 14);
  rewind(12);
  expect([step(), sent.length]).toEqual([undefined, 3]);
  answer(3, 12);
  run.setState({ kept: { step: 11, file: new Blob() }, phase: { name: 'compiling', done: 0, total: 0 } });
  expect(step()).toBeUndefined();
  run.setState({ phase: { name: 'training' } });
  expect(sent).toHaveLength(4);
});

test('the fixed passage is one of the text that the run learns from, where a rule made it', () => {
  const { reader, run, own } = openReader();
  const passage = () => new TextDecoder().decode(reader.store.getState().passage.text);
  const opening = passage();
  run.setState({ runCorpus: copying });
  expect(passage()).toBe('abc:abc\nxyz:xyz\n');
  reader.read(own('mine'));
  run.setState({ runCorpus: mobyDick });
  expect(passage()).toBe('mine');
  reader.read({ ...own(opening), source: 'fixed' });
  run.setState({ runCorpus: copying });
  expect(passage()).toBe('abc:abc\nxyz:xyz\n');
});
