import { describe, expect, test } from 'vitest';
import { gumbel, sampleToken, topKFilter, topKFromThreshold } from '../../src/model/sampling.ts';
import { RandomStream } from '../../src/random/random-stream.ts';
import { readGolden } from '../support/golden.ts';

const LOWEST = Math.fround(-3.4028234663852886e38);

test.each([
  [20, 0.9, 1],
  [20, 0.8, 3],
  [256, 0.9, 25],
  [10, 0.9, 0],
  [32, 0.99, 0],
  [50, 0, 50],
  [256, 1, 0],
])('of %i classes a threshold of %f keeps %i', (classes, threshold, k) => {
  expect(topKFromThreshold(classes, threshold)).toBe(k);
});

describe('the top-k filter', () => {
  test('keeps the largest where they are and lowers the rest as far as f32 goes', () => {
    const filtered = topKFilter(Float32Array.of(1, -5, 3, 2.5, -Infinity), 2);
    expect([...filtered]).toEqual([LOWEST, LOWEST, 3, 2.5, LOWEST]);
  });

  test('keeps exactly k of equal ones, the first of them', () => {
    expect([...topKFilter(Float32Array.of(2, 7, 7, 7, 9), 3)]).toEqual([LOWEST, 7, 7, LOWEST, 9]);
    expect([...topKFilter(Float32Array.of(4, 4, 4), 2)]).toEqual([4, 4, LOWEST]);
  });

  test('keeps all when k reaches the number of classes and none when it is 0', () => {
    const logits = Float32Array.of(3, -1, 0);
    expect(topKFilter(logits, 3)).toEqual(logits);
    expect(topKFilter(logits, 7)).toEqual(logits);
    expect([...topKFilter(logits, 0)]).toEqual([LOWEST, LOWEST, LOWEST]);
  });

  test('leaves the logits given to it alone', () => {
    const logits = Float32Array.of(3, -1, 0);
    topKFilter(logits, 1);
    expect([...logits]).toEqual([3, -1, 0]);
  });
});

describe('a drawn token', () => {
  const logits = Float32Array.of(0, 2, 1, 2);
  const stream = new RandomStream(7, 'sampling test');

  function draw(count: number, temperature: number, topK: number): number[] {
    const histogram = [0, 0, 0, 0];
    for (let n = 0; n < count; n++) {
      histogram[sampleToken(logits, { temperature, topK, uniform: (i) => stream.uniform(4 * n + i) })]++;
    }
    return histogram;
  }

  test('has the probability that softmax gives it', () => {
    const count = 20_000;
    const weights = [...logits].map((x) => Math.exp(x / 0.7));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    draw(count, 0.7, 4).forEach((seen, i) => {
      const p = weights[i] / total;
      expect(Math.abs(seen / count - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / count));
    });
  });

  test('is one of the top k', () => {
    const histogram = draw(500, 1, 2);
    expect(histogram[0] + histogram[2]).toBe(0);
    expect(Math.min(histogram[1], histogram[3])).toBeGreaterThan(0);
  });

  test('is the largest logit at temperature 0', () => {
    const apart = Float32Array.of(0.5, 2, 1.9999, -3);
    const uniform = (i: number) => [0.9, 0.1, 0.99, 0][i];
    expect(sampleToken(apart, { temperature: 0, topK: 4, uniform })).toBe(1);
  });

  test.each([0, 0.5, 1, 3])('is the first class when nothing may survive, at temperature %f', (temperature) => {
    expect(draw(50, temperature, 0)).toEqual([50, 0, 0, 0]);
  });

  test('is never forced by a uniform number that f32 would round to 1', () => {
    expect(gumbel(1 - 2 ** -32)).toBeCloseTo(24 * Math.log(2), 3);
    expect(gumbel(0)).toBeCloseTo(-Math.log(20 * Math.log(10)), 5);
  });
});

interface GoldenSampling {
  cases: { case: string; V: number; thres: number; temperature: number; k: number }[];
}

const golden = await readGolden<GoldenSampling>('ops_sampling');

describe('sampling of the reference', () => {
  test.each(golden.attributes.cases)('$case', ({ case: name, V, thres, temperature, k }) => {
    const [logits, uniform, filtered, noise] = ['logits', 'uniform', 'filtered', 'noise'].map((key) =>
      golden.floats(`${name}/${key}`),
    );
    expect(topKFromThreshold(V, thres)).toBe(k);
    const sampled = golden.ids(`${name}/sample`);
    sampled.forEach((expected, row) => {
      const start = row * V;
      const of = logits.slice(start, start + V);
      expect(topKFilter(of, k)).toEqual(filtered.slice(start, start + V));
      expect(sampleToken(of, { temperature, topK: k, uniform: (i) => uniform[start + i] })).toBe(expected);
    });
    // One step of f32 apart at most, where the logarithms of two libraries round differently.
    uniform.forEach((u, i) =>
      expect(Math.abs(gumbel(u) - noise[i])).toBeLessThanOrEqual(2 ** -22 * Math.max(1, Math.abs(noise[i]))),
    );
  });
});
