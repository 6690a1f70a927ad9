import { expect, test } from 'vitest';
import { caption } from '../../../src/ui/format/caption.ts';

const lines = { order0Bits: 4.5, gzipBits: 3.2 };

test('of English a loss is said in what the model can do', () => {
  const english = { ...lines, dataset: 'sample' } as const;
  expect([8, 5, 4, 2.5, 2].map((bits) => caption(bits, english))).toEqual([
    'little more than guessing',
    'which letters are common',
    'letter pairs and short endings',
    'words form',
    'phrases hold together',
  ]);
  expect(caption(5, null)).toBe('which letters are common');
});

test('of a text that may be anything, in which of the lines beside its curve it is below', () => {
  const own = { ...lines, dataset: 'own' } as const;
  expect(caption(2.1, own)).toBe('below gzip and byte frequencies');
  expect(caption(4, own)).toBe('below byte frequencies');
  expect(caption(4.6, own)).toBe('not yet below byte frequencies');
  // Of four letters at random gzip makes more than knowing their shares does.
  const letters = { dataset: 'own', order0Bits: 2, gzipBits: 2.3 } as const;
  expect(caption(2.01, letters)).toBe('below gzip');
  expect(caption(2.01, { ...letters, gzipBits: null })).toBe('not yet below byte frequencies');
});

test('of a text that a rule made, how far it is from the best possible, which chance alone goes below', () => {
  const facts = { floorBits: 2.256, passage: '', prompt: '' };
  const made = { ...lines, dataset: 'copy', synthetic: facts } as const;
  expect(caption(4.8, made)).toBe('2.54 above the best possible');
  expect(caption(2.25, made)).toBe('0.00 above the best possible');
});

test('of any text, what is worse than a guess, and nothing of a loss that is none', () => {
  expect(caption(11, { ...lines, dataset: 'own' })).toContain('worse than guessing');
  expect(caption(NaN, null)).toBe('');
});
