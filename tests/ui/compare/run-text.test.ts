import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { metricRows } from '../../../src/ui/compare/metric-rows.ts';
import { haveSameText, incomparable, textNames, type RunText } from '../../../src/ui/compare/run-text.ts';
import { recordOf } from '../support/run-record.ts';

const ran = (query: string, text: RunText | null = null) => ({
  ...recordOf('run', decodeQuery(query).config, 20, 1e9),
  text,
});
const easy = ran('ds=own', { name: 'mine.txt', sha256: 'aaaaaaaa' });
const hard = ran('ds=own', { name: 'mine.txt', sha256: 'bbbbbbbb' });
const renamed = ran('ds=own', { name: 'yours.txt', sha256: 'aaaaaaaa' });

test('a text is the same whatever it is called, and a text of somebody else is not known to be', () => {
  expect(haveSameText(easy, renamed)).toBe(true);
  expect(haveSameText(easy, hard)).toBe(false);
  expect(haveSameText(ran('ds=own'), ran('ds=own'))).toBe(false);
  expect(haveSameText(ran(''), ran('', { name: 'Moby Dick', sha256: 'cccccccc' }))).toBe(true);
});

test('a text without a digest is known to be the same only where there is one of its kind', () => {
  const [mine, yours] = ['mine.txt', 'yours.txt'].map((name) => ran('ds=own', { name, sha256: null }));
  expect(haveSameText(mine, yours)).toBe(false);
  expect(haveSameText(mine, easy)).toBe(false);
  expect(haveSameText(ran('', { name: 'Moby Dick', sha256: null }), ran('', { name: 'Moby Dick', sha256: 'c' }))).toBe(
    true,
  );
  expect(incomparable([mine, yours])).toBe('text');
  expect(textNames([mine, yours])).toEqual(['mine.txt', 'yours.txt']);
});

test('texts of one name are told apart, and one text has one name', () => {
  expect(textNames([easy, hard])).toEqual(['mine.txt (aaaaaa)', 'mine.txt (bbbbbb)']);
  expect(textNames([easy, renamed])).toEqual(['mine.txt', 'mine.txt']);
  expect(textNames([ran('')])).toEqual(['Moby Dick (built in)']);
});

test('no run is the best where the losses are not about the same bytes', () => {
  const best = (...runs: ReturnType<typeof ran>[]) =>
    metricRows(runs.map((run, at) => ({ ...run, metrics: recordOf('', run.config, 20 + 10 * at, 1e9).metrics })))[0]
      .lowest;
  expect(incomparable([easy, hard])).toBe('text');
  expect(incomparable([ran(''), ran('n=256&ii=32')])).toBe('context length and ignored byte');
  expect(best(easy, hard)).toBeNull();
  expect(best(easy, renamed)).toBe(1);
});
