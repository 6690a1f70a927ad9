import { expect, test } from 'vitest';
import { areComparable, bitsMore, bitsPerByte, testSequences, type TestScore } from '../../src/protocol/test-score.ts';

function scoreOf(bits: number[], bytes = bits.map(() => 4)): TestScore {
  return { step: 1, bits: Float64Array.from(bits), bytes: Float64Array.from(bytes) };
}

test('the standard error is the spread of means of single sequences, by the root of their number', () => {
  const means = [2, 3, 2.5, 4.5];
  const { mean, error } = bitsPerByte(scoreOf(means.map((each) => 4 * each)));
  expect(mean).toBe(3);
  const variance = means.reduce((sum, each) => sum + (each - 3) ** 2, 0) / 3;
  expect(error).toBeCloseTo(Math.sqrt(variance / 4), 12);
});

test('bytes that a model ignores weigh nothing', () => {
  const { mean, error } = bitsPerByte(scoreOf([8, 12, 0], [4, 4, 0]));
  expect(mean).toBe(2.5);
  expect(error).toBeCloseTo(Math.sqrt((3 / 2) * (2 ** 2 + 2 ** 2)) / 8, 12);
});

test('a single sequence has a mean and no error', () => {
  expect(bitsPerByte(scoreOf([10]))).toEqual({ mean: 2.5, error: null });
});

test('a difference that is the same in every sequence is sure, however far those lie apart', () => {
  const hard = scoreOf([8, 40, 16, 24]);
  const harder = scoreOf([10, 42, 18, 26]);
  expect(bitsPerByte(hard).error).toBeGreaterThan(1);
  expect(bitsMore(harder, hard)).toEqual({ mean: 0.5, error: 0 });
});

test('the error of a difference comes from how it varies from sequence to sequence', () => {
  const { mean, error } = bitsMore(scoreOf([8, 12]), scoreOf([4, 12]));
  expect(mean).toBe(0.5);
  expect(error).toBeCloseTo(0.5, 12);
});

test('scores are of the same bytes where as many of each sequence count', () => {
  expect(areComparable(scoreOf([1, 2]), scoreOf([3, 4]))).toBe(true);
  expect(areComparable(scoreOf([1, 2]), scoreOf([3]))).toBe(false);
  expect(areComparable(scoreOf([1, 2]), scoreOf([3, 4], [4, 3]))).toBe(false);
});

test('a short part is read whole, a long one up to 256 kB, one of less than a sequence not at all', () => {
  expect(testSequences(16, 16)).toEqual({ all: 0, read: 0 });
  expect(testSequences(17, 16)).toEqual({ all: 1, read: 1 });
  expect(testSequences(60_251, 256)).toEqual({ all: 235, read: 235 });
  expect(testSequences(5_000_000, 256)).toEqual({ all: 19_531, read: 1000 });
  expect(testSequences(2_000_000, 500_000)).toEqual({ all: 3, read: 1 });
});
