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

test('both can be trained with three seeds at one press, where nothing is in the way', () => {
  const card = (state: typeof READY, drafts = {}) => markup(<FlatBaselineCard />, state, 'p=micro', { drafts });
  expect(card(READY)).toMatch(/<button(?![^>]*disabled)[^>]*title="Seeds 0, 1, 2 of each[^>]*>Train both with 3 seeds/);
  expect(card({ ...READY, corpus: null })).not.toContain('Train both');
  expect(card(READY, { depth: { text: 'x', error: 'a number' } })).toMatch(
    /disabled[^>]*title="One setting needs attention[^>]*>Train both/,
  );
});
