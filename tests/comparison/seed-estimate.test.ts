import { describe, expect, test } from 'vitest';
import { sampleOf } from '../../src/comparison/sample.ts';
import {
  isMoreThanChance,
  meanOverSeeds,
  pairedDifference,
  welchDifference,
} from '../../src/comparison/seed-estimate.ts';
import type { SeedEstimate } from '../../src/comparison/seed-estimate.ts';

const welch = (a: number[], b: number[]): SeedEstimate => welchDifference(sampleOf(a)!, sampleOf(b)!);

test('seeds have a mean, a standard deviation of a sample, and a range; one alone has no deviation', () => {
  expect(sampleOf([2, 4, 4, 6])).toEqual({
    count: 4,
    mean: 4,
    deviation: Math.sqrt(8 / 3),
    lowest: 2,
    highest: 6,
  });
  expect(sampleOf([3])).toEqual({ count: 1, mean: 3, deviation: null, lowest: 3, highest: 3 });
  expect(sampleOf([])).toBeNull();
});

describe('The difference of two configurations', () => {
  test('has by Welch the error of both means, and few degrees of freedom where one is far less sure', () => {
    // Both of variance 1, of three: four degrees.
    const even = welch([4, 5, 6], [1, 2, 3]);
    expect(even).toEqual({
      mean: 3,
      error: expect.closeTo(Math.sqrt(2 / 3), 12),
      margin: expect.closeTo(2.776 * Math.sqrt(2 / 3), 12),
    });
    // Variances of 100 and 1: (101 / 3) ** 2 / ((100 / 3) ** 2 / 2 + (1 / 3) ** 2 / 2) = 2.04 degrees.
    const uneven = welch([-6, 4, 14], [1, 2, 3]);
    expect(uneven.error).toBeCloseTo(Math.sqrt(101 / 3), 12);
    expect(uneven.margin! / uneven.error!).toBeCloseTo(4.303 - 0.06 * (4.303 - 3.182), 2);
  });

  test('need not be of as many seeds', () => {
    // Variances of 0.5 and 2.5.
    const [ofA, ofB] = [0.5 / 2, 2.5 / 5];
    const { mean, error, margin } = welch([5, 6], [0, 1, 2, 3, 4]);
    expect([mean, error]).toEqual([3.5, expect.closeTo(Math.sqrt(ofA + ofB), 12)]);
    // 0.75 ** 2 / (0.25 ** 2 / 1 + 0.5 ** 2 / 4) = 4.5 degrees.
    const share = (1 / 4.5 - 1 / 5) / (1 / 4 - 1 / 5);
    expect(margin! / error!).toBeCloseTo(2.571 + share * (2.776 - 2.571), 9);
  });

  test('is known far better seed by seed where hard batches are hard for both', () => {
    const [a, b] = [
      [3.1, 5.1, 4.1],
      [3, 5.01, 3.99],
    ];
    expect(isMoreThanChance(welch(a, b))).toBe(false);
    expect(isMoreThanChance(pairedDifference(a, b))).toBe(true);
    // Differences 0.1, 0.09 and 0.11 at two degrees.
    expect(pairedDifference(a, b)).toEqual({
      mean: expect.closeTo(0.1, 12),
      error: expect.closeTo(0.01 / Math.sqrt(3), 12),
      margin: expect.closeTo((4.303 * 0.01) / Math.sqrt(3), 12),
    });
  });

  test('of two seeds has to be many times its error', () => {
    expect(pairedDifference([1.2, 1.1], [0, 0]).margin).toBeCloseTo(12.706 * 0.05, 9);
    expect(isMoreThanChance(pairedDifference([0.6, 0.5], [0, 0]))).toBe(false);
    expect(isMoreThanChance(pairedDifference([0.8, 0.7], [0, 0]))).toBe(true);
  });

  test('is never more than chance where no seed differs from another, or only by a rounding', () => {
    for (const difference of [
      welch([2, 2], [1, 1]),
      welch([0.1 + 0.2, 0.3], [0.1, 0.1]),
      pairedDifference([1.1, 2.1], [1, 2]),
      pairedDifference([1, 2], [1, 2]),
    ]) {
      expect(difference).toMatchObject({ error: null, margin: null });
      expect(isMoreThanChance(difference)).toBe(false);
    }
  });
});

test('more seeds would have their mean within Student’s quantile of the standard error', () => {
  // A variance of 0.01, at two degrees.
  expect(meanOverSeeds(sampleOf([2.5, 2.6, 2.7])!)).toEqual({
    mean: expect.closeTo(2.6, 12),
    error: expect.closeTo(0.1 / Math.sqrt(3), 12),
    margin: expect.closeTo((4.303 * 0.1) / Math.sqrt(3), 12),
  });
  expect(meanOverSeeds(sampleOf([2.5])!)).toEqual({ mean: 2.5, error: null, margin: null });
});
