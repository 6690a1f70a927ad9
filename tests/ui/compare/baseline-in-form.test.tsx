import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { BaselineInForm, FlatBaselineCard } from '../../../src/ui/compare/FlatBaselineCard.tsx';
import { flatBaseline } from '../../../src/ui/compare/flat-baseline.ts';
import { markup, READY, shown } from '../support/render.tsx';
import { recordOf } from '../support/run-record.ts';

const { config } = decodeQuery('p=micro');
const baseline = flatBaseline(config)!;

test('that the flat baseline is to be trained is said until it is a run', () => {
  const said = (...runs: ReturnType<typeof recordOf>[]) => shown(<BaselineInForm {...baseline} />, READY, '', { runs });
  const first = recordOf('first', config, 20, 1e9);
  const trained = recordOf('flat', baseline.config, 30, 1e9);

  expect(said(first)).toContain('Train it to compare; Back returns to the model');
  expect(said(first, { ...trained, origin: 'link' })).toContain('Train it to compare');
  expect(said(first, trained)).toBe('');
});

test('the time of training both holds the test part of each, and compiling once a run here has told that', () => {
  const { config: short } = decodeQuery('p=micro&st=10');
  const run = recordOf('first', short, 10, 1e9);
  const card = (): string => shown(<FlatBaselineCard />, READY, 'p=micro&st=10', { runs: [run] });
  const minutes = (): number => Number(/\(about (\d+) min/.exec(card())![1]);
  expect(card()).toContain('after compiling)');
  const without = minutes();
  // Ten steps of 0.1 s for each are 6 s.
  expect(without).toBeGreaterThan(1);
  run.metrics.clock.preparation = 60;
  expect(card()).not.toContain('after compiling');
  expect(minutes() - without).toBe(6);
});

test('both can be trained with three seeds at one press, where nothing is in the way', () => {
  const card = (state: typeof READY, drafts = {}) => markup(<FlatBaselineCard />, state, 'p=micro', { drafts });
  expect(card(READY)).toMatch(/<button(?![^>]*disabled)[^>]*title="Seeds 0, 1, 2 of each[^>]*>Train both with 3 seeds/);
  expect(card({ ...READY, corpus: null })).not.toContain('Train both');
  expect(card(READY, { depth: { text: 'x', error: 'a number' } })).toMatch(
    /disabled[^>]*title="One setting needs attention[^>]*>Train both/,
  );
});
