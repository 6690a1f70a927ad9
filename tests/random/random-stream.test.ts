import { describe, expect, test } from 'vitest';
import { fillNormal, fillUniform } from '../../src/random/fill.ts';
import { RandomStream } from '../../src/random/random-stream.ts';

const COUNT = 200_000;

function moments(draw: (index: number) => number): { mean: number; variance: number; fourth: number } {
  let sum = 0;
  let squares = 0;
  let fourths = 0;
  for (let i = 0; i < COUNT; i++) {
    const x = draw(i);
    sum += x;
    squares += x * x;
    fourths += x ** 4;
  }
  const mean = sum / COUNT;
  return { mean, variance: squares / COUNT - mean * mean, fourth: fourths / COUNT };
}

/** Pearson's statistic over equally likely bins: mean bins - 1, standard deviation sqrt(2 (bins - 1)). */
function chiSquare(bins: number, draw: (index: number) => number): number {
  const counts = new Float64Array(bins);
  for (let i = 0; i < COUNT; i++) counts[draw(i)]++;
  const expected = COUNT / bins;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function expectPlausible(statistic: number, bins: number): void {
  expect(Math.abs(statistic - (bins - 1)) / Math.sqrt(2 * (bins - 1))).toBeLessThan(4);
}

describe('RandomStream', () => {
  test('gives the same draw for the same seed, name and index, in any order', () => {
    const forward = new RandomStream(7, 'layers.0.weight');
    const words = Array.from({ length: 20 }, (_, i) => forward.uint32(i));
    const backward = new RandomStream(7, 'layers.0.weight');
    const reversed = Array.from({ length: 20 }, (_, i) => backward.uint32(19 - i));
    expect(reversed.reverse()).toEqual(words);
  });

  test('draws what it always has, so that a link begins the run that it began for others', () => {
    const random = new RandomStream(7, 'layers.0.weight');
    const four = (draw: (index: number) => number): number[] => [0, 1, 2, 3].map(draw);
    const near = (values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 6));
    expect(four((i) => random.uint32(i))).toEqual([105_492_774, 3_237_238_916, 2_419_642_273, 1_852_957_112]);
    expect(four((i) => random.uniformInt(i, 2 ** 32))).toEqual([
      105_492_792, 2_419_642_285, 2_461_047_535, 2_550_407_117,
    ]);
    expect(four((i) => random.normal(i))).toEqual(near([0.0637772, -2.7219563, -0.973372, 0.4474321]));
    const filled = new Float32Array(2);
    fillNormal(filled, 2, 0.5, 7, 'layers.0.weight');
    expect([...filled]).toEqual(near([2.0318885, 0.6390219]));
  });

  test('gives unrelated draws for another seed, another name and beyond the 32-bit range of seed and index', () => {
    const first = (seed: number, name: string, index: number) => new RandomStream(seed, name).uint32(index);
    const draws = [
      first(1, 'a', 0),
      first(2, 'a', 0),
      first(1, 'b', 0),
      first(1 + 2 ** 32, 'a', 0),
      first(1, 'a', 2 ** 34),
      first(1, 'a', 2 ** 35),
    ];
    expect(new Set(draws).size).toBe(draws.length);
  });

  test.each([-1, 1.5, Number.NaN, 2 ** 53])('refuses seed %s', (seed) => {
    expect(() => new RandomStream(seed, 'a')).toThrow(/needs a whole number from 0 to 9007199254740991/);
  });

  test('uniform has the mean, variance and flat histogram of U[0, 1)', () => {
    const random = new RandomStream(1, 'uniform');
    const { mean, variance } = moments((i) => random.uniform(i));
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / COUNT));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.001);
    expectPlausible(
      chiSquare(256, (i) => Math.floor(random.uniform(i) * 256)),
      256,
    );
  });

  test('uniformInt is flat over a count that is no power of two and stays below it', () => {
    const random = new RandomStream(2, 'ints');
    expectPlausible(
      chiSquare(1000, (i) => random.uniformInt(i, 1000)),
      1000,
    );
    for (let i = 0; i < 1000; i++) expect(random.uniformInt(i, 1)).toBe(0);
  });

  test('uniformInt reaches values between the multiples of a count near 2^32', () => {
    const random = new RandomStream(2, 'large ints');
    const count = 4_000_000_000;
    expectPlausible(
      chiSquare(10, (i) => random.uniformInt(i, count) % 10),
      10,
    );
  });

  test('normal has the first moments of N(0, 1) and uncorrelated neighbours', () => {
    const random = new RandomStream(3, 'normal');
    const { mean, variance, fourth } = moments((i) => random.normal(i));
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(COUNT));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / COUNT));
    expect(Math.abs(fourth - 3)).toBeLessThan(4 * Math.sqrt(96 / COUNT));
    const neighbours = moments((i) => random.normal(i) * random.normal(i + 1));
    expect(Math.abs(neighbours.mean)).toBeLessThan(4 / Math.sqrt(COUNT));
  });
});

describe('fills', () => {
  test('fillUniform stays within its bounds and depends on seed and name only', () => {
    const short = new Float32Array(10);
    const long = new Float32Array(1001);
    fillUniform(short, -0.25, 0.25, 5, 'to_logits.weight');
    fillUniform(long, -0.25, 0.25, 5, 'to_logits.weight');
    expect([...long.subarray(0, 10)]).toEqual([...short]);
    expect(Math.min(...long)).toBeGreaterThanOrEqual(-0.25);
    expect(Math.max(...long)).toBeLessThanOrEqual(0.25);
    fillUniform(short, -0.25, 0.25, 6, 'to_logits.weight');
    expect([...long.subarray(0, 10)]).not.toEqual([...short]);
  });

  test('fillNormal has the asked mean and standard deviation', () => {
    const values = new Float32Array(COUNT);
    fillNormal(values, 2, 0.5, 5, 'token_emb.weight');
    const { mean, variance } = moments((i) => values[i]);
    expect(Math.abs(mean - 2)).toBeLessThan(4 * (0.5 / Math.sqrt(COUNT)));
    expect(Math.abs(variance - 0.25)).toBeLessThan(0.005);
  });
});
