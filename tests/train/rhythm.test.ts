import { expect, it } from 'vitest';
import { AutoSample } from '../../src/train/auto-sample.ts';
import { Rhythm } from '../../src/train/rhythm.ts';
import { makeCorpus } from '../../src/data/corpus.ts';

it('validates about forty times in a run, and after its last step', () => {
  const rhythm = new Rhythm(605);
  const validated = Array.from({ length: 605 }, (_, i) => i + 1).filter((step) => rhythm.validatesAt(step));
  expect(validated.length).toBeGreaterThan(38);
  expect(validated.length).toBeLessThan(43);
  expect(validated.at(-1)).toBe(605);
  expect(new Rhythm(100, 0).validatesAt(100)).toBe(false);
});

it('ends a submit where a validation or a remembered step is due', () => {
  const rhythm = new Rhythm(1000, 25);
  expect(rhythm.stepsTogether(24, 16, false)).toBe(1);
  expect(rhythm.stepsTogether(0, 16, false)).toBe(16);
  expect(rhythm.stepsTogether(0, 16, true)).toBe(1);
  expect(rhythm.stepsTogether(12, 16, true)).toBe(8);
  expect([0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 500].filter((step) => rhythm.remembers(step))).toEqual([
    0, 1, 2, 5, 10, 20, 50, 100, 500,
  ]);
});

it('samples continue bytes that are not trained on, each another, and take a tenth of the time at most', () => {
  const corpus = makeCorpus(
    'digits',
    Uint8Array.from({ length: 2000 }, (_, i) => i % 251),
  );
  const auto = new AutoSample(corpus, 16);
  auto.begin(10);
  expect(auto.due(10.5)).toBe(false);
  expect(auto.due(11)).toBe(true);
  const [first, second] = [auto.next(), auto.next()];
  expect(first.prompt).toHaveLength(16);
  expect(first.prompt[0]).toBe(corpus.bytes[corpus.validation.start]);
  expect(second.prompt).not.toEqual(first.prompt);
  expect(second.seed).not.toBe(first.seed);
  auto.done(11, 13);
  expect(auto.due(32)).toBe(false);
  expect(auto.due(33)).toBe(true);
});
