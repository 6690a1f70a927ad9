import { expect, test } from 'vitest';
import { haveSameText, incomparable, type RunText } from '../../src/comparison/same-bytes.ts';
import { decodeQuery } from '../../src/config/codec/decode.ts';

const ran = (query: string, text: RunText | null = null) => ({ config: decodeQuery(query).config, text });
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
  const [unknown, known] = [null, 'c'].map((sha256) => ran('', { name: 'Moby Dick', sha256 }));
  expect(haveSameText(unknown, known)).toBe(true);
  expect(incomparable([mine, yours])).toBe('text');
});

test('losses are about the same bytes where text, context length and ignored byte are the same', () => {
  expect(incomparable([easy, hard])).toBe('text');
  expect(incomparable([easy, renamed])).toBeNull();
  expect(incomparable([ran(''), ran('n=256&ii=32')])).toBe('context length and ignored byte');
});
