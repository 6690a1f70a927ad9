import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { BaselineInForm } from '../../../src/ui/compare/FlatBaselineCard.tsx';
import { flatBaseline } from '../../../src/ui/compare/flat-baseline.ts';
import { READY, shown } from '../support/render.tsx';
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
