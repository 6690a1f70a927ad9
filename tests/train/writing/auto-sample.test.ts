import { expect, test } from 'vitest';
import { makeCorpus } from '../../../src/data/corpus.ts';
import { AutoSample } from '../../../src/train/writing/auto-sample.ts';

const corpus = makeCorpus('words', new TextEncoder().encode('the ship sailed on '.repeat(90)));

function training(): AutoSample {
  const sample = new AutoSample(corpus, 64);
  sample.resume(0);
  return sample;
}

test('the first sample comes a second after training has begun, the next ones ten times as long after as they took', () => {
  const sample = training();
  expect([0, 0.9, 1].map((now) => sample.due(now))).toEqual([false, false, true]);
  sample.begin(1).done(2);
  expect([11.9, 12].map((now) => sample.due(now))).toEqual([false, true]);
  sample.begin(12).done(12.1);
  expect([16, 16.1].map((now) => sample.due(now))).toEqual([false, true]);
});

test('a sample that is slow ends after two seconds, or after a tenth of the time since the one before', () => {
  const sample = training();
  const first = sample.begin(1);
  expect(first.until).toBe(3);
  first.done(4);
  expect(sample.begin(104).until).toBe(114);
});

test('each sample continues other bytes, which the model is not trained on', () => {
  const sample = training();
  const prompts = [1, 2, 3].map((now) => sample.begin(now).request.prompt);
  expect(new Set(prompts.map(String)).size).toBe(3);
  const { validation, bytes } = corpus;
  const held = String(bytes.slice(validation.start, validation.end));
  for (const prompt of prompts) expect(held).toContain(String(prompt));
});
