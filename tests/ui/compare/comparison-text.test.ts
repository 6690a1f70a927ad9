import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { hotSettings } from '../../../src/config/hot-settings.ts';
import { comparisonText } from '../../../src/ui/compare/comparison-text.ts';
import { changeMark } from '../../../src/ui/state/marks.ts';
import { recordOf } from '../support/run-record.ts';

const page = { origin: 'https://strata.example', pathname: '/' };
const ran = (name: string, query = '') => recordOf(name, decodeQuery(query).config, 100, 1e9);

test('a comparison is a line with a link for each run', () => {
  expect(comparisonText([ran('calm owl'), ran('bold fox', 'lr=1e-3')], page)).toBe(
    'calm owl: https://strata.example/?v=1&p=quick\nbold fox: https://strata.example/?v=1&p=quick&lr=1e-3',
  );
});

test('a setting that a run took up on the way, and a text of its own, are told beside a link that cannot', () => {
  const changed = ran('calm owl', 'lr=1e-3');
  changed.metrics.marks = [changeMark(74, { learningRate: 1e-3 }, hotSettings(decodeQuery('').config))];
  expect(comparisonText([changed], page)).toBe(
    'calm owl (learning rate only from step 74, in the link from the start): ' +
      'https://strata.example/?v=1&p=quick&lr=1e-3',
  );
  const own = { ...ran('bold fox', 'ds=own'), text: { name: 'mine.txt', sha256: 'that of mine' } };
  expect(comparisonText([own], page)).toBe('bold fox (on mine.txt): https://strata.example/?v=1&p=quick&ds=own');
});
