import { expect, test } from 'vitest';
import { surplusRecords } from '../../../src/ui/state/record-bounds.ts';
import { MAX_RUNS } from '../../../src/ui/state/runs.ts';

const record = (begunAt: number, more: object = {}): [string, unknown] => [
  `${begunAt}`,
  { begunAt, pin: null, ...more },
];
const many = (count: number): [string, unknown][] => Array.from({ length: count }, (_, at) => record(at + 1));

test('of too many records the oldest go, pinned ones last', () => {
  expect(surplusRecords(many(MAX_RUNS))).toEqual([]);
  expect(surplusRecords(many(MAX_RUNS + 2)).sort()).toEqual(['1', '2']);
  const [, ...others] = many(MAX_RUNS + 2);
  expect(surplusRecords([record(1, { pin: 0 }), ...others]).sort()).toEqual(['2', '3']);
  expect(surplusRecords(many(MAX_RUNS + 2).map(([id, each]) => [id, { ...(each as object), pin: 0 }])).sort()).toEqual([
    '1',
    '2',
  ]);
});

test('of too large ones those go that find no room beside newer ones', () => {
  const sized = (begunAt: number, mebibytes: number) =>
    record(begunAt, { history: { batch: { step: new Float64Array(mebibytes * 2 ** 17) } } });
  expect(surplusRecords([sized(1, 10), sized(2, 60), sized(3, 65)])).toEqual(['1']);
  expect(surplusRecords([sized(1, 10), sized(2, 130), sized(3, 65)])).toEqual(['2']);
});

test('of two records of one run the older goes, and what is no record counts as the oldest', () => {
  expect(
    surplusRecords([record(1, { place: 'a' }), record(2, { place: 'a', pin: 1 }), record(3, { place: 'b' })]),
  ).toEqual(['1']);
  const odd: [string, unknown][] = [
    ['nothing', undefined],
    ['a text', 'text'],
    ['no time', { begunAt: NaN }],
  ];
  expect(surplusRecords([...odd, ...many(MAX_RUNS)]).sort()).toEqual(['a text', 'no time', 'nothing']);
});
