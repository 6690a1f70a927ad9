import { expect, test } from 'vitest';
import { OddTextNote } from '../../../src/ui/data/OddTextNote.tsx';
import { mobyDick } from '../support/fake-worker.ts';
import { shown } from '../support/render.tsx';

const said = (order0Bits: number, gzipBits: number | null): string =>
  shown(<OddTextNote corpus={{ ...mobyDick, order0Bits, gzipBits }} />, {});

test('bytes that are as good as random are said to be no text', () => {
  expect(said(7.98, 8.01)).toContain('This looks compressed or encrypted');
  expect(said(7.98, null)).toContain('This looks compressed or encrypted');
});

test('nothing is said of a text, of a few bytes that gzip makes longer, or of what only repeats itself', () => {
  expect(said(4.5, 3.2)).toBe('');
  expect(said(1.58, 61.33)).toBe('');
  expect(said(7.98, 0.4)).toBe('');
});

test('bytes that losses leave out are told, with what to do where they are half of a text', () => {
  const zeros = (zeroBytes: number): string =>
    shown(<OddTextNote corpus={{ ...mobyDick, bytes: 1000, zeroBytes }} />, {});
  expect(zeros(3)).toContain('3 of its bytes are 0. The next-byte loss leaves them out, unless Ignored byte is none');
  expect(zeros(3)).not.toContain('UTF-16');
  expect(zeros(480)).toContain('48 % of its bytes are 0.');
  expect(zeros(480)).toContain('If this is UTF-16, save it as UTF-8.');
});
