import { expect, test } from 'vitest';
import type { Corpus } from '../../../src/data/corpus.ts';
import { TestPart } from '../../../src/train/scoring/test-part.ts';

/** A text whose reads are counted, byte by byte, with a test part of so many bytes at its end. */
function countedText(testBytes: number) {
  const reads = new Map<number, number>();
  const length = 200 + testBytes;
  const bytes = Uint8Array.from({ length }, (_, at) => at % 251);
  const subarray = bytes.subarray.bind(bytes);
  bytes.subarray = (start, end) => {
    for (let at = start!; at < end!; at++) reads.set(at, (reads.get(at) ?? 0) + 1);
    return subarray(start, end);
  };
  const corpus: Corpus = {
    name: 'numbers',
    bytes,
    train: { start: 0, end: 150 },
    validation: { start: 150, end: 200 },
    test: { start: 200, end: length },
  };
  return { corpus, reads };
}

/** Where the sequences of a part begin that are read in batches of four, and the text that they are of. */
function startsOf(testBytes: number, contextLength: number) {
  const { corpus, reads } = countedText(testBytes);
  const part = new TestPart(corpus, contextLength);
  const row = contextLength + 1;
  const starts: number[] = [];
  const ids = new Uint32Array(4 * row);
  for (let first = 0; first < part.count; first += 4) {
    const rows = part.copy(ids, first);
    for (let i = 0; i < rows; i++) starts.push(ids[i * row]);
  }
  return { part, starts, reads };
}

test('sequences lie side by side, so that each byte is predicted once, all but the first and what is left at the end', () => {
  const { starts, reads } = startsOf(48, 5);
  expect(starts).toEqual(Array.from({ length: 9 }, (_, i) => 200 + 5 * i));
  const ends = Array.from({ length: 8 }, (_, i) => 205 + 5 * i);
  const read = Array.from({ length: 46 }, (_, i) => 200 + i);
  // The last of a sequence is read again, as what comes before the next.
  expect(reads).toEqual(new Map(read.map((at) => [at, ends.includes(at) ? 2 : 1])));
});

test('no byte of the train and validation parts is read', () => {
  const { reads } = startsOf(48, 5);
  expect(Math.min(...reads.keys())).toBe(200);
});

test('of a long part sequences are read that are spread evenly over it, none twice', () => {
  const contextLength = 50_000;
  const { corpus } = countedText(600_001);
  const starts: number[] = [];
  const part = new TestPart(corpus, contextLength);
  const subarray = corpus.bytes.subarray.bind(corpus.bytes);
  corpus.bytes.subarray = (start, end) => {
    starts.push(start! - 200);
    return subarray(start, end);
  };
  part.copy(new Uint32Array(8 * (contextLength + 1)), 0);
  expect(part.count).toBe(5);
  expect(starts.map((start) => start / contextLength)).toEqual([0, 2, 4, 7, 9]);
});

test('rows of a batch that no sequence is left for are zeros', () => {
  const { corpus } = countedText(11);
  const part = new TestPart(corpus, 5);
  const ids = new Uint32Array(3 * 6).fill(7);
  expect(part.copy(ids, 1)).toBe(1);
  expect([...ids.subarray(0, 6)]).toEqual([205, 206, 207, 208, 209, 210]);
  expect([...ids.subarray(6)]).toEqual(Array.from({ length: 12 }, () => 0));
});

test('a part that is shorter than one sequence is refused by its size', () => {
  expect(() => new TestPart(countedText(5).corpus, 5).check()).toThrow('test part: given 5 bytes, needs at least 6');
  expect(() => new TestPart(countedText(6).corpus, 5).check()).not.toThrow();
});
