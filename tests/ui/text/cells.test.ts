import { expect, test } from 'vitest';
import { encodeText } from '../../../src/text/encode.ts';
import { cellAt, cellsOf, nextCell, wordsOf } from '../../../src/ui/text/cells.ts';
import { promptBytes } from '../../../src/ui/text/prompt-bytes.ts';

test('each of the 256 bytes has a cell with a visible label of its own', () => {
  const typed = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  const bytes = promptBytes(typed);
  expect([...bytes]).toEqual(Array.from({ length: 256 }, (_, byte) => byte));
  const labels = cellsOf(bytes, true).map(({ label }) => label);
  expect(new Set(labels).size).toBe(256);
  expect(labels.filter((label) => !/^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(label))).toEqual([]);
});

test('what is typed is UTF-8, and an escape is one byte', () => {
  expect([...promptBytes('é\\xE9\\xg1')]).toEqual([0xc3, 0xa9, 0xe9, ...encodeText('\\xg1')]);
  expect([...promptBytes('\\x5CxE9')]).toEqual([...encodeText('\\xE9')]);
});

test('as one reads it, a character is one cell and every byte is in one', () => {
  const bytes = Uint8Array.from([...encodeText('aé€😀 \n'), 0xff, 0xe2]);
  const cells = cellsOf(bytes, false);
  expect(cells.map(({ label }) => label)).toEqual(['a', 'é', '€', '😀', ' ', '↵', '\\xFF', '\\xE2']);
  expect(cells.map(({ start, end }) => end - start)).toEqual([1, 2, 3, 4, 1, 1, 1, 1]);
  expect(cells.map(({ start }) => start)).toEqual([0, 1, 3, 6, 10, 11, 12, 13]);
  expect(cells.map(({ ends }) => ends)).toEqual([null, null, null, null, 'word', 'line', null, null]);
  expect([cellAt(cells, 4), cellAt(cells, 13), cellAt(cells, 14)]).toEqual([2, 7, -1]);
});

test('words keep the space after them and end with their line', () => {
  for (const asBytes of [false, true]) {
    const words = wordsOf(cellsOf(encodeText('Call me  —\nIsh'), asBytes));
    const lengths = words.map((word) => word.at(-1)!.end - word[0].start);
    expect(lengths).toEqual([5, 3, 1, 4, 3]);
  }
  expect(wordsOf([])).toEqual([]);
});

test('arrows lead along the text and to the nearest cell of the next row', () => {
  const cells = [0, 0, 0, 24, 24, 48].map((offsetTop, at) => ({ offsetTop, offsetLeft: [0, 10, 20, 0, 18, 0][at] }));
  const to = (key: string, at: number, shiftKey = false) => nextCell({ key, shiftKey }, at, cells);
  expect([to('ArrowRight', 0), to('ArrowRight', 5), to('ArrowLeft', 0), to('ArrowRight', 1, true)]).toEqual([
    1, 5, 0, 5,
  ]);
  expect([to('ArrowDown', 2), to('ArrowDown', 0), to('ArrowDown', 4), to('ArrowDown', 5)]).toEqual([4, 3, 5, 5]);
  expect([to('ArrowUp', 4), to('ArrowUp', 5), to('ArrowUp', 1)]).toEqual([2, 3, 1]);
  expect([to('Home', 3), to('End', 3), to('x', 3)]).toEqual([0, 5, null]);
});
