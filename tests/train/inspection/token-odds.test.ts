import { expect, test } from 'vitest';
import { bitsOf, candidatesOf, ranksOf } from '../../../src/train/inspection/token-odds.ts';

/** Logits of probabilities, a row for each position, moved by what softmax does not see. */
function logitsOf(rows: number[][]): Float32Array {
  return Float32Array.from(rows.flatMap((row, t) => row.map((p) => Math.log(p) + 50 * t - 20)));
}

const CLASSES = 4;
const LOGITS = logitsOf([
  [0.5, 0.25, 0.125, 0.125],
  [0.125, 0.125, 0.25, 0.5],
  [0.25, 0.25, 0.25, 0.25],
]);

test('a token costs what the position before it gives it, and the first one nothing that anybody knows', () => {
  const [first, ...others] = bitsOf(LOGITS, CLASSES, Uint8Array.of(1, 0, 1));
  expect(first).toBeNaN();
  expect(others.map((bits) => Number(bits.toFixed(5)))).toEqual([1, 3]);
});

test('a token has the rank 1 where it is the most likely, and of equals the lower one is first', () => {
  expect([...ranksOf(LOGITS, CLASSES, Uint8Array.of(9, 0, 3))]).toEqual([0, 1, 1]);
  expect([...ranksOf(LOGITS, CLASSES, Uint8Array.of(9, 1, 2))]).toEqual([0, 2, 2]);
  expect([...ranksOf(LOGITS, CLASSES, Uint8Array.of(9, 2, 0))]).toEqual([0, 3, 3]);
  expect([...ranksOf(LOGITS, CLASSES, Uint8Array.of(9, 3, 1))]).toEqual([0, 4, 4]);
});

test('the candidates of a position are those of highest rank, with what they are worth', () => {
  const { count, bytes, probabilities } = candidatesOf(LOGITS, CLASSES, 3, 2);
  expect(count).toBe(2);
  expect([...bytes]).toEqual([0, 1, 3, 2, 0, 1]);
  expect(Array.from(probabilities, (p) => Number(p.toFixed(5)))).toEqual([0.5, 0.25, 0.5, 0.25, 0.25, 0.25]);
});
