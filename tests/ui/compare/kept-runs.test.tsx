import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { CompareTable } from '../../../src/ui/compare/CompareTable.tsx';
import { RunsRail } from '../../../src/ui/compare/rail/RunsRail.tsx';
import type { RunPhase } from '../../../src/ui/state/run-state.ts';
import { READY, shown } from '../support/render.tsx';
import { recordOf } from '../support/run-record.ts';

const { config, preset } = decodeQuery('p=micro');
const kept = { id: 'a', name: 'calm owl', text: null, config, preset, since: new Map(), step: 300, bpb: 3, keptAt: 0 };

const rail = (phase: RunPhase, state: object = {}): string =>
  shown(<RunsRail looks={new Map()} />, { ...READY, phase, earlier: [kept], ...state }, '', {
    sent: recordOf('', config, 20, 1e9),
  });

test('beside a run that stands still those of earlier visits can be opened, to be compared with it', () => {
  for (const name of ['paused', 'done'] as const) {
    expect(rail({ name }), name).toMatch(/Kept in this browser.*calm owl.*step 300 of 300.*Open it again$/);
  }
});

test('one run alone can be set beside one that is opened, where there is one', () => {
  const runs = [recordOf('alone', config, 20, 1e9)];
  const table = (earlier: (typeof kept)[]): string =>
    shown(<CompareTable runs={runs} looks={new Map()} />, { ...READY, phase: { name: 'done' }, earlier });
  expect(table([kept])).toContain('One run alone: change a setting and train another one, or open one that is kept.');
  expect(table([])).toContain('One run alone: change a setting and train another one.');
});

test('a run that trains is not to be ended from the list of runs, and without one a notice offers the others', () => {
  for (const name of ['training', 'idle'] as const) expect(rail({ name }), name).not.toContain('calm owl');
});

test('a kept run that is among the runs of this visit is opened from its row, and not there twice', () => {
  const text = rail({ name: 'done' }, { earlier: [{ ...kept, inPlaceOf: -1 }] });
  expect(text).not.toContain('Kept in this browser');
  expect(text).toMatch(/Edit a copyMore seedsIt came with a link[^.]*\.DeleteOpen it again/);
  // A run that trains is not to be ended by that; without one a notice offers it.
  for (const name of ['training', 'idle'] as const)
    expect(rail({ name }, { earlier: [{ ...kept, inPlaceOf: -1 }] }), name).not.toContain('Open it again');
});

test('one run alone leads on to what the form holds, once that is another model', () => {
  const runs = [recordOf('alone', config, 20, 1e9)];
  const table = (name: 'done' | 'training', query: string): string =>
    shown(<CompareTable runs={runs} looks={new Map()} />, { ...READY, phase: { name }, config }, query);
  expect(table('done', 'p=micro')).toContain('change a setting and train another one. ');
  expect(table('done', 'p=micro')).not.toContain('Train what the form holds');
  expect(table('done', 'p=micro&st=7')).toContain('One run alone: train another one. Train what the form holds');
  expect(table('training', 'p=micro&st=7')).not.toContain('Train what the form holds');
  expect(table('done', 'p=micro')).toMatch(/Show its \d+ settings$/);
});

test('that runs end with the page is said below them', () => {
  const session = { runs: [recordOf('alone', config, 20, 1e9)], unkept: 'the disk is full.' };
  expect(shown(<RunsRail looks={new Map()} />, READY, '', session)).toMatch(
    /These runs end with the page\. The browser’s storage does not take them: the disk is full\.Close$/,
  );
});

test('where a kept run cannot be had the list says why', () => {
  const untaken = { name: 'calm owl', why: 'It is under way in another tab.' };
  expect(rail({ name: 'done' }, { earlier: [], untaken })).toMatch(
    /calm owl cannot be had here: It is under way in another tab\.$/,
  );
});
