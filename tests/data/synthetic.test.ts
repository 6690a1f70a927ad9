import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SYNTHETIC } from '../../src/config/synthetic.ts';
import { makeSynthetic } from '../../src/data/synthetic/make-synthetic.ts';

const texts = Object.fromEntries(SYNTHETIC.map((id) => [id, makeSynthetic(id)]));
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const linesOf = (id: string): string[] => decode(texts[id].corpus.bytes).trimEnd().split('\n');

const PARTNER: Record<string, string> = { ')': '(', ']': '[', '}': '{', '>': '<' };

/** What a line of brackets costs who knows the rule: nothing where one has to close, else its kind, and whether it opens. */
function bracketBits(line: string): number {
  const open: string[] = [];
  let bits = 0;
  for (const [at, bracket] of line.split('').entries()) {
    const mustClose = open.length === line.length - at;
    if (!mustClose && open.length > 0) bits += 1;
    if (!(bracket in PARTNER)) {
      bits += 2;
      open.push(bracket);
    } else if (open.pop() !== PARTNER[bracket]) return NaN;
  }
  return open.length === 0 ? bits : NaN;
}

/** Those that a rule did not make. */
const wrong = (id: string, isRight: (line: string) => boolean): string[] =>
  linesOf(id).filter((line) => !isRight(line));

test('a copied line is eight letters and the same again', () => {
  expect(wrong('copy', (line) => /^([a-z]{8}):\1$/.test(line))).toEqual([]);
});

test('a sorted line is eight letters and the same in the order of the alphabet', () => {
  const isRight = (line: string): boolean => {
    const [, given, sorted] = /^([a-z]{8})>(.{8})$/.exec(line)!;
    return sorted === given.split('').toSorted().join('');
  };
  expect(wrong('sort', isRight)).toEqual([]);
});

test('a line of recall asks for each of its four pairs once, and no letter has two digits', () => {
  const orders = new Set<string>();
  const isRight = (line: string): boolean => {
    const [told, asked] = line.split('?').map((half) => half.match(/[a-z]\d/g)!);
    orders.add(asked.map((pair) => told.indexOf(pair)).join(''));
    return new Set(told.map(([letter]) => letter)).size === 4 && asked.toSorted().join('') === told.toSorted().join('');
  };
  expect(wrong('recall', isRight)).toEqual([]);
  expect(orders.size).toBe(24);
});

test('brackets are closed by their own kind, all of them by the end of a line', () => {
  expect(wrong('brackets', (line) => line.length === 32 && bracketBits(line) > 0)).toEqual([]);
});

describe('the best possible score', () => {
  test.each([
    ['copy', (8 * Math.log2(26)) / 18],
    ['sort', (8 * Math.log2(26)) / 18],
    ['recall', (Math.log2(26 * 25 * 24 * 23) + 4 * Math.log2(10) + Math.log2(24)) / 18],
  ])('of %s is what a line draws, over its bytes', (id, bits) => {
    expect(texts[id].floorBits).toBeCloseTo(bits, 9);
  });

  test('of brackets is what the choices that were free cost', () => {
    const bits = linesOf('brackets').reduce((sum, line) => sum + bracketBits(line), 0);
    expect(texts.brackets.floorBits).toBeCloseTo(bits / texts.brackets.corpus.bytes.length, 9);
  });
});

describe.each([
  ['copy', '43c2a20bfabc8f83'],
  ['sort', 'ceb6db2b8c970aa1'],
  ['recall', '47e07f2f055809b7'],
  ['brackets', '7d8415959861a3d1'],
])('the text %s', (id, digest) => {
  test('is the same everywhere, so that links and saved runs find it again', () => {
    const { bytes } = texts[id].corpus;
    expect(createHash('sha256').update(bytes).digest('hex').slice(0, 16)).toBe(digest);
  });

  test('offers whole lines of the part that nothing is trained on', () => {
    const { corpus, passage, prompt } = texts[id];
    const { validation, bytes } = corpus;
    expect(decode(bytes.subarray(validation.start, validation.end))).toContain(`\n${passage}`);
    expect(passage).toMatch(/\n$/);
    expect(passage.length).toBeGreaterThan(200);
    expect(passage.length).toBeLessThanOrEqual(256);
    expect(passage.startsWith(prompt)).toBe(true);
    expect(prompt.length).toBeLessThan(passage.indexOf('\n'));
  });

  test('has lines of one length in whole, 2 MB of them', () => {
    const { bytes } = texts[id].corpus;
    const lengths = new Set(linesOf(id).map((line) => line.length + 1));
    const [length] = lengths;
    expect(lengths.size).toBe(1);
    expect(bytes.length).toBe(Math.ceil(2_000_000 / length) * length);
  });
});
