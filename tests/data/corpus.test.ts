import { describe, expect, test } from 'vitest';
import { checkCorpusLength, makeCorpus, splitBytes, splitEnwik8 } from '../../src/data/corpus.ts';
import { requiredTextBytes } from '../../src/text/text-length.ts';

describe('splits', () => {
  test.each([1, 19, 20, 21, 999, 1_204_997, 2 ** 31])('of %d bytes follow one another and cover the text', (length) => {
    const { train, validation, test: rest } = splitBytes(length);
    expect([train.start, validation.start, rest.start, rest.end]).toEqual([0, train.end, validation.end, length]);
    expect(Math.abs(train.end - 0.9 * length)).toBeLessThan(1);
    expect(Math.abs(validation.end - 0.95 * length)).toBeLessThan(2);
  });

  test('of full enwik8 are the first 90e6 bytes, the next 5e6 and the rest', () => {
    expect(splitEnwik8(100_000_000)).toEqual({
      train: { start: 0, end: 90_000_000 },
      validation: { start: 90_000_000, end: 95_000_000 },
      test: { start: 95_000_000, end: 100_000_000 },
    });
    expect(splitEnwik8(95_000_000).test).toEqual({ start: 95_000_000, end: 95_000_000 });
  });

  test('of a prefix of enwik8 are those of any other text', () => {
    expect(splitEnwik8(5_011_805)).toEqual(splitBytes(5_011_805));
  });
});

describe('a corpus', () => {
  test('of no bytes is refused', () => {
    expect(() => makeCorpus('a.txt', new Uint8Array(0))).toThrow('text "a.txt": given an empty file, needs some text');
  });

  test('one byte shorter than the context needs is refused with the length it needs', () => {
    const required = requiredTextBytes(128);
    expect(() => checkCorpusLength(makeCorpus('a.txt', new Uint8Array(required)), 128)).not.toThrow();
    expect(() => checkCorpusLength(makeCorpus('a.txt', new Uint8Array(required - 1)), 128)).toThrow(
      /^text "a.txt": given 2,579 bytes, needs at least 2,580 bytes, .* validation part \(128 bytes\) holds a context of 128/,
    );
  });

  test.each([1, 7, 32, 128])('holds context %d from the required length on, and at no shorter length', (seqLen) => {
    const required = requiredTextBytes(seqLen);
    const fits = (length: number) => {
      const { train, validation } = splitBytes(length);
      return Math.min(train.end - train.start, validation.end - validation.start) >= seqLen + 1;
    };
    for (let length = 0; length < 2 * required; length++) expect(fits(length)).toBe(length >= required);
  });
});
