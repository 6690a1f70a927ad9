import { expect, test } from 'vitest';
import { CompressedNote } from '../../../src/ui/data/CompressedNote.tsx';
import { mobyDick } from '../support/fake-worker.ts';
import { shown } from '../support/render.tsx';

const said = (order0Bits: number, gzipBits: number | null): string =>
  shown(<CompressedNote corpus={{ ...mobyDick, order0Bits, gzipBits }} />, {});

test('bytes that are as good as random are said to be no text', () => {
  expect(said(7.98, 8.01)).toContain('This looks compressed or encrypted');
  expect(said(7.98, null)).toContain('This looks compressed or encrypted');
});

test('nothing is said of a text, of a few bytes that gzip makes longer, or of what only repeats itself', () => {
  expect(said(4.5, 3.2)).toBe('');
  expect(said(1.58, 61.33)).toBe('');
  expect(said(7.98, 0.4)).toBe('');
});
