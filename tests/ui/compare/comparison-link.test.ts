import { expect, test } from 'vitest';
import { MOST_VERSUS } from '../../../src/config/codec/compared-keys.ts';
import { decodeCurve } from '../../../src/config/codec/curve-text.ts';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { hotSettings } from '../../../src/config/hot-settings.ts';
import { comparisonLink } from '../../../src/ui/compare/comparison-link.ts';
import { encodedCurves } from '../../../src/ui/compare/run-curves.ts';
import { runName } from '../../../src/ui/compare/run-name.ts';
import { changeMark } from '../../../src/ui/state/marks.ts';
import { comparedRuns, MAX_PINS } from '../../../src/ui/state/runs.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { recordOf } from '../support/run-record.ts';

const page = { origin: 'https://strata.example', pathname: '/' };
const ran = (name: string, query = '') => recordOf(name, decodeQuery(query).config, 100, 1e9);

test('a comparison is one link that opens Compare, the newest run as its own and the others in their order', () => {
  expect(comparisonLink([ran('plain'), ran('wide one', 'h=1-d96_4'), ran('slow', 'lr=1e-3')], page)).toBe(
    'https://strata.example/?v=1&p=quick&lr=1e-3&nm=slow&vs=p:quick,nm:plain&vs=p:quick,h:1-d96_4,nm:wide_one#cmp',
  );
});

test('a name goes along where somebody has given it, and what a link adds to it does not', () => {
  const { config } = decodeQuery('');
  const nameOf = (name: string, origin: RunRecord['origin'] = 'visit'): string | undefined =>
    decodeQuery(new URL(comparisonLink([{ ...ran(name), origin }], page)).search).name;
  expect([runName(config), `${runName(config)} 2`].map((name) => nameOf(name))).toEqual([undefined, undefined]);
  expect([nameOf('wide'), nameOf('from the link')]).toEqual(['wide', 'from the link']);
  expect(nameOf('from the link', 'link')).toBeUndefined();
  expect(nameOf('from the link 2', 'link')).toBeUndefined();
  expect(nameOf(`${runName(config)} from the link`, 'link')).toBeUndefined();
  expect(nameOf('wide 2 from the link 3', 'link')).toBe('wide 2');
  expect(nameOf('renamed', 'link')).toBe('renamed');
});

test('the link carries the curves of its runs, but for one that its settings alone do not lead to', async () => {
  const changed = { ...ran('calm owl', 'lr=1e-3'), id: 7 };
  changed.metrics.marks = [changeMark(74, { learningRate: 1e-3 }, hotSettings(decodeQuery('').config))];
  const runs = [changed, ran('bold fox')];
  const { curve, versus } = decodeQuery(new URL(comparisonLink(runs, page, await encodedCurves(runs))).search);

  expect(await decodeCurve(curve!)).toMatchObject({ lastStep: 100 });
  expect(versus?.map((run) => [run.name, run.curve])).toEqual([['calm owl', undefined]]);
});

test('a link has room for as many runs as Compare draws', () => {
  // As many as can be pinned, one of which was the newest, and the newest.
  const runs = Array.from({ length: 9 }, (_, id) => ({ ...ran(`run ${id}`), id, pin: id <= MAX_PINS ? id : null }));
  const compared = comparedRuns({ runs });
  const { versus = [], problems } = decodeQuery(new URL(comparisonLink(compared, page)).search);
  expect([versus.length, problems]).toEqual([compared.length - 1, []]);
  expect(versus).toHaveLength(MOST_VERSUS);
});
