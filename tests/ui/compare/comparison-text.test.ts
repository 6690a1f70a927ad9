import { expect, test } from 'vitest';
import { decodeCurve } from '../../../src/config/codec/curve-text.ts';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { hotSettings } from '../../../src/config/hot-settings.ts';
import { comparisonText } from '../../../src/ui/compare/comparison-text.ts';
import { encodedCurves } from '../../../src/ui/compare/run-curves.ts';
import { changeMark } from '../../../src/ui/state/marks.ts';
import { recordOf } from '../support/run-record.ts';

const page = { origin: 'https://strata.example', pathname: '/' };
const ran = (name: string, query = '') => recordOf(name, decodeQuery(query).config, 100, 1e9);

test('a comparison is a line for each run, with a link that opens Compare', () => {
  expect(comparisonText([ran('calm owl'), ran('bold fox', 'lr=1e-3')], page)).toBe(
    'calm owl: https://strata.example/?v=1&p=quick#cmp\nbold fox: https://strata.example/?v=1&p=quick&lr=1e-3#cmp',
  );
});

test('the links carry the curves of their runs, but for one that its settings alone do not lead to', async () => {
  const changed = { ...ran('calm owl', 'lr=1e-3'), id: 7 };
  changed.metrics.marks = [changeMark(74, { learningRate: 1e-3 }, hotSettings(decodeQuery('').config))];
  const runs = [ran('bold fox'), changed];
  const [whole, without] = comparisonText(runs, page, await encodedCurves(runs)).split('\n');

  const { curve } = decodeQuery(new URL(whole.slice('bold fox: '.length)).search);
  expect(await decodeCurve(curve!)).toMatchObject({ lastStep: 100 });
  expect(whole).toMatch(/#cmp$/);
  expect(without).toMatch(/in the link from the start; no curve\): .*\?v=1&p=quick&lr=1e-3#cmp$/);
});

test('a setting that a run took up on the way, and a text of its own, are told beside a link that cannot', () => {
  const changed = ran('calm owl', 'lr=1e-3');
  changed.metrics.marks = [changeMark(74, { learningRate: 1e-3 }, hotSettings(decodeQuery('').config))];
  expect(comparisonText([changed], page)).toBe(
    'calm owl (learning rate only from step 74, in the link from the start): ' +
      'https://strata.example/?v=1&p=quick&lr=1e-3#cmp',
  );
  const own = { ...ran('bold fox', 'ds=own'), text: { name: 'mine.txt', sha256: 'that of mine' } };
  expect(comparisonText([own], page)).toBe('bold fox (on mine.txt): https://strata.example/?v=1&p=quick&ds=own#cmp');
});
