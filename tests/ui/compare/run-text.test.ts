import { expect, test } from 'vitest';
import type { RunText } from '../../../src/comparison/same-bytes.ts';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { metricRows } from '../../../src/ui/compare/metric-rows.ts';
import { textNames } from '../../../src/ui/compare/run-text.ts';
import { recordOf } from '../support/run-record.ts';

const ran = (query: string, text: RunText | null = null) => ({
  ...recordOf('run', decodeQuery(query).config, 20, 1e9),
  text,
});
const easy = ran('ds=own', { name: 'mine.txt', sha256: 'aaaaaaaa' });
const hard = ran('ds=own', { name: 'mine.txt', sha256: 'bbbbbbbb' });
const renamed = ran('ds=own', { name: 'yours.txt', sha256: 'aaaaaaaa' });

test('texts of one name are told apart, and one text has one name', () => {
  expect(textNames([easy, hard])).toEqual(['mine.txt (aaaaaa)', 'mine.txt (bbbbbb)']);
  expect(textNames([easy, renamed])).toEqual(['mine.txt', 'mine.txt']);
  expect(textNames([ran('')])).toEqual(['Moby Dick (built in)']);
  const unknown = ['mine.txt', 'yours.txt'].map((name) => ran('ds=own', { name, sha256: null }));
  expect(textNames(unknown)).toEqual(['mine.txt', 'yours.txt']);
});

test('no run is the best where the losses are not about the same bytes', () => {
  const best = (...runs: ReturnType<typeof ran>[]) =>
    metricRows(runs.map((run, at) => ({ ...run, metrics: recordOf('', run.config, 20 + 10 * at, 1e9).metrics })))[0]
      .lowest;
  expect(best(easy, hard)).toBeNull();
  expect(best(easy, renamed)).toBe(1);
});
