import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import type { Command } from '../../../src/protocol/commands.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { captureAt, capturesOf } from '../../../src/ui/state/inspection.ts';
import { Inspector } from '../../../src/ui/state/inspector.ts';
import type { RunPhase } from '../../../src/ui/state/run-state.ts';
import { askerPage } from '../support/asker-page.ts';
import { copying, mobyDick } from '../support/fake-worker.ts';
import { plausibleInspection } from '../support/fake-inspection.ts';

const { model } = presetConfig('micro');

function openInspector() {
  const { parts, run, sent, timers, page, hear } = askerPage();
  const inspector = new Inspector(parts);
  const phase = (name: 'compiling' | 'training' | 'paused' | 'done'): void => {
    const next: RunPhase = name === 'compiling' ? { name, done: 0, total: 1 } : { name };
    run.setState({ phase: next });
  };
  const answer = (requestId: number, step: number, text?: Uint8Array): void => {
    const passage = text ?? encodeText(inspector.store.getState().passage);
    hear({ type: 'inspection', requestId, runId: 1, step, inspection: plausibleInspection(model, passage) });
  };
  const fail = (requestId: number): void =>
    hear({ type: 'inspection-failed', requestId, runId: 1, message: 'no memory' });
  const fireTimer = (): void => timers.shift()!.callback();
  const said = (): Command['type'][] => sent.map(({ type }) => type);
  const rewind = (step: number): void => hear({ type: 'rewound', runId: 1, step });
  return {
    inspector,
    run,
    sent,
    said,
    timers,
    page,
    phase,
    answer,
    fail,
    rewind,
    fireTimer,
    state: inspector.store.getState,
  };
}

test('each run is watched on the passage, whether or not anybody looks', () => {
  const { phase, said, answer, state } = openInspector();
  phase('compiling');
  phase('training');
  expect(said()).toEqual(['watch']);
  for (const step of [5, 0, 5, 2]) answer(0, step);
  expect(state().snapshots.map(({ step }) => step)).toEqual([0, 2, 5]);
});

test('nothing is asked for unless somebody looks, and nothing more once they look away', () => {
  const { inspector, phase, said, answer, timers } = openInspector();
  phase('training');
  expect(said()).not.toContain('inspect');
  const away = inspector.look();
  expect(said()).toEqual(['inspect']);
  answer(1, 3);
  expect(timers).toHaveLength(1);
  away();
  expect(timers).toHaveLength(0);
  phase('paused');
  expect(said()).toEqual(['inspect']);
  inspector.ask();
  expect(said()).toEqual(['inspect', 'inspect']);
});

test('a run that goes on is asked again, the later the longer an answer takes, and never by a hidden page', () => {
  const { inspector, phase, said, answer, timers, fireTimer, page } = openInspector();
  phase('training');
  inspector.look();
  // The first waits for what is compiled.
  page.time += 60_000;
  answer(1, 3);
  expect(timers[0].delay).toBe(3000);
  page.hidden = true;
  fireTimer();
  expect(said()).toEqual(['inspect']);
  page.hidden = false;
  fireTimer();
  expect(said()).toEqual(['inspect', 'inspect']);
  page.time += 500;
  answer(2, 4);
  expect(timers[0].delay).toBe(5000);
  fireTimer();
  page.time += 60_000;
  answer(3, 5);
  expect(timers[0].delay).toBe(600_000);
  inspector.setAuto(false);
  expect(timers).toHaveLength(0);
  inspector.setAuto(true);
  expect(said().slice(3)).toEqual(['inspect']);
});

test('there is never more than one question at a time, and none that nobody can answer', () => {
  const { inspector, phase, said } = openInspector();
  inspector.look();
  phase('compiling');
  expect(said()).toEqual(['watch']);
  phase('training');
  inspector.ask();
  phase('paused');
  expect(said()).toEqual(['watch', 'inspect']);
});

test('another passage drops what was captured of the one before, but for the pinned capture', () => {
  const { inspector, phase, answer, sent, state } = openInspector();
  phase('training');
  inspector.look();
  answer(0, 1);
  answer(1, 2);
  inspector.pin(state().latest);
  inspector.setPassage('another');
  expect(state()).toMatchObject({ snapshots: [], latest: null, pinned: { step: 2 } });
  expect(sent.slice(-2)).toEqual([
    { type: 'watch', text: encodeText('another') },
    { type: 'inspect', requestId: 2, text: encodeText('another'), attention: true },
  ]);
  answer(0, 5, encodeText('the one before'));
  expect(state().snapshots).toEqual([]);
  inspector.setPassage('');
  expect(sent.at(-1)).toEqual({ type: 'watch', text: null });
});

test('a new run starts with nothing captured and does not hear what the one before still says', () => {
  const { inspector, run, phase, answer, state } = openInspector();
  phase('training');
  inspector.look();
  answer(0, 1);
  run.setState({ runId: 2, phase: { name: 'idle' } });
  answer(1, 7);
  expect(state()).toMatchObject({ snapshots: [], latest: null, asking: false });
});

test('a capture is found by its step, else the last before it', () => {
  const { phase, inspector, answer, state } = openInspector();
  phase('training');
  inspector.look();
  [0, 1, 5].forEach((step) => answer(0, step));
  answer(1, 7);
  const captures = capturesOf(state());
  expect(captures.map(({ step }) => step)).toEqual([0, 1, 5, 7]);
  expect([null, 0, 4, 900].map((step) => captureAt(captures, step)?.step)).toEqual([7, 0, 1, 7]);
  expect(captureAt([], 3)).toBeNull();
});

test('a recorded run is shown until there is one of the visitor’s own', () => {
  const { inspector, run, state } = openInspector();
  const inspection = plausibleInspection(model, encodeText('recorded elsewhere'));
  inspector.showRecorded([
    { step: 0, inspection },
    { step: 50, inspection },
  ]);
  expect(capturesOf(state()).map(({ step }) => step)).toEqual([0, 50]);
  expect(state().recorded).toBe(true);
  run.setState({ runId: 2, phase: { name: 'compiling', done: 0, total: 1 } });
  expect(state()).toMatchObject({ snapshots: [], recorded: false });
});

test('a run that goes back takes the captures of later steps with it', () => {
  const { inspector, phase, answer, rewind, state } = openInspector();
  phase('training');
  inspector.look();
  for (const step of [5, 10, 20]) answer(0, step);
  answer(1, 24);
  rewind(10);

  expect(state().snapshots.map(({ step }) => step)).toEqual([5, 10]);
  expect(state().latest).toBeNull();
});

test('a run that begins anew after a loss takes the captures of later steps than it was kept at with it', () => {
  const { inspector, run, phase, answer, fail, said, state } = openInspector();
  const lose = (): void => run.setState({ phase: { name: 'lost', reason: 'unknown', message: '', waits: false } });
  phase('training');
  inspector.look();
  for (const step of [5, 10, 20]) answer(0, step);
  answer(1, 24);
  run.setState({ kept: { step: 10, file: new Blob() } });
  lose();
  expect(state().latest).not.toBeNull();
  phase('compiling');
  expect(state().snapshots.map(({ step }) => step)).toEqual([5, 10]);
  expect(state().latest).toBeNull();
  phase('training');
  expect(said().slice(1)).toEqual(['watch', 'inspect']);

  run.setState({ kept: null });
  answer(0, 0);
  fail(2);
  lose();
  expect(state().failure).toBe('no memory');
  phase('compiling');
  expect(state().failure).toBeNull();
  expect(state().snapshots.map(({ step }) => step)).toEqual([0]);
});

test('an answer that was under way when a run went back is none', () => {
  const { inspector, phase, answer, rewind, state } = openInspector();
  phase('training');
  inspector.look();
  rewind(10);
  answer(1, 24);
  expect(state()).toMatchObject({ latest: null, asking: true });
  answer(2, 10);
  expect(state()).toMatchObject({ latest: { step: 10 }, asking: false });
});

test('so many captures are kept, the newest', () => {
  const { phase, answer, state } = openInspector();
  phase('training');
  for (let step = 1; step <= 26; step++) answer(0, step);
  expect(state().snapshots.map(({ step }) => step)).toEqual(Array.from({ length: 24 }, (_, at) => at + 3));
});

test('a run of a text that a rule made is looked at with lines of it, unless the visitor chose a passage', () => {
  const { inspector, run, sent, state } = openInspector();
  const opening = state().passage;
  run.setState({ runCorpus: copying });
  expect(state().passage).toBe('abc:abc\nxyz:xyz\n');
  expect(sent.at(-1)).toEqual({ type: 'watch', text: encodeText('abc:abc\nxyz:xyz\n') });
  run.setState({ runCorpus: null });
  run.setState({ runCorpus: mobyDick });
  expect(state().passage).toBe(opening);
  inspector.setPassage('mine');
  run.setState({ runCorpus: copying });
  expect(state().passage).toBe('mine');
});
