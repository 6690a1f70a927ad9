import { describe, expect, test } from 'vitest';
import type { NumberField } from '../../src/config/field.ts';
import { trainingFields } from '../../src/config/run-fields.ts';
import type { RunConfig } from '../../src/config/types.ts';
import { makeCorpus } from '../../src/data/corpus.ts';
import { Sampler } from '../../src/data/sampler.ts';

/** A text whose byte at p tells p within any run of 251 bytes. */
function countingCorpus(length: number) {
  return makeCorpus(
    'counting',
    Uint8Array.from({ length }, (_, i) => i % 251),
  );
}

/** A text whose train bytes are 1, validation bytes 2 and test bytes 3. */
function labelledCorpus(length: number) {
  const corpus = makeCorpus('labelled', new Uint8Array(length));
  corpus.bytes.fill(1, corpus.train.start, corpus.train.end);
  corpus.bytes.fill(2, corpus.validation.start, corpus.validation.end);
  corpus.bytes.fill(3, corpus.test.start, corpus.test.end);
  return corpus;
}

function batch(sampler: Sampler, step: number, microStep = 0, batchSize = 4, seqLen = 16): number[] {
  const ids = new Uint32Array(batchSize * (seqLen + 1));
  sampler.sample(ids, step, microStep, batchSize, seqLen);
  return [...ids];
}

describe('Sampler', () => {
  test('gives a resumed run the very batch that the uninterrupted run had', () => {
    const corpus = countingCorpus(10_000);
    const uninterrupted = new Sampler(corpus, 'train', 3);
    const batches = [0, 1, 2, 3, 4].map((step) => batch(uninterrupted, step));
    const resumed = new Sampler(corpus, 'train', 3);
    expect(batch(resumed, 3)).toEqual(batches[3]);
    expect(batch(resumed, 4)).toEqual(batches[4]);
  });

  test('gives other batches for another seed, step and micro-step', () => {
    const corpus = countingCorpus(10_000);
    const sampler = new Sampler(corpus, 'train', 3);
    const batches = [
      batch(sampler, 0),
      batch(sampler, 1),
      batch(sampler, 0, 1),
      batch(sampler, 2 ** 31 - 1),
      batch(new Sampler(corpus, 'train', 4), 0),
    ];
    expect(new Set(batches.map((ids) => ids.join())).size).toBe(batches.length);
  });

  test('gives two micro-steps the sequences of one batch of twice the size', () => {
    const sampler = new Sampler(countingCorpus(10_000), 'train', 3);
    expect([...batch(sampler, 5, 0, 2), ...batch(sampler, 5, 1, 2)]).toEqual(batch(sampler, 5, 0, 4));
  });

  test('has other sequences for every micro-step of the largest batch and accumulation that a run may have', () => {
    const most = (name: string): number =>
      (trainingFields.find((field) => field.name === name) as NumberField<RunConfig>).max;
    const batchSize = most('batchSize');
    const accumulation = most('accumulation');
    const sampler = new Sampler(countingCorpus(100_000), 'train', 3);
    const ids = new Uint32Array(2 * batchSize);
    const micro = (step: number, microStep: number): string => {
      sampler.sample(ids, step, microStep, batchSize, 1);
      return ids.join();
    };
    const quarters = [0, 1, 2, 3].map((quarter) => (accumulation * (quarter + 1)) / 4 - 1);
    const batches = [0, 1].flatMap((step) => quarters.map((microStep) => micro(step, microStep)));
    expect(new Set(batches).size).toBe(batches.length);
  });

  test('keeps the batches of runs that were saved', () => {
    const sampler = new Sampler(countingCorpus(10_000), 'train', 3);
    expect([batch(sampler, 0, 0, 4, 1), batch(sampler, 7, 3, 4, 1)]).toEqual([
      [185, 186, 168, 169, 177, 178, 93, 94],
      [246, 247, 102, 103, 227, 228, 103, 104],
    ]);
  });

  test('gives each row seqLen + 1 neighbouring bytes', () => {
    const ids = batch(new Sampler(countingCorpus(10_000), 'train', 3), 0);
    for (let row = 0; row < 4; row++) {
      for (let i = 1; i < 17; i++) expect(ids[row * 17 + i]).toBe((ids[row * 17] + i) % 251);
    }
  });

  test.each([
    ['train', 1],
    ['validation', 2],
  ] as const)('takes %s bytes from that split only, its first and last byte included', (split, label) => {
    const corpus = labelledCorpus(400);
    const span = corpus[split];
    corpus.bytes[span.start] = 10;
    corpus.bytes[span.end - 1] = 11;
    const ids = batch(new Sampler(corpus, split, 1), 0, 0, 4000);
    expect(new Set(ids)).toEqual(new Set([label, 10, 11]));
  });

  test('starts at every position of the split about equally often', () => {
    const corpus = countingCorpus(240);
    const seqLen = 7;
    const ids = new Uint32Array(seqLen + 1);
    const sampler = new Sampler(corpus, 'train', 1);
    const starts = corpus.train.end - seqLen;
    const draws = 200 * starts;
    const counts = new Float64Array(starts);
    for (let step = 0; step < draws; step++) {
      sampler.sample(ids, step, 0, 1, seqLen);
      counts[ids[0]]++;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    expect(Math.abs(chiSquare - (starts - 1)) / Math.sqrt(2 * (starts - 1))).toBeLessThan(4);
  });

  test('works on the shortest text that its context allows, and says how long a shorter one must be', () => {
    expect(batch(new Sampler(countingCorpus(340), 'validation', 1), 0, 0, 1, 16)).toHaveLength(17);
    expect(() => batch(new Sampler(countingCorpus(339), 'validation', 1), 0, 0, 1, 16)).toThrow(
      /given 339 bytes, needs at least 340 bytes/,
    );
  });

  test('refuses ids without room for the batch and more sequences than a step has random numbers for', () => {
    const sampler = new Sampler(countingCorpus(1000), 'train', 1);
    expect(() => sampler.sample(new Uint32Array(16), 0, 0, 1, 16)).toThrow(
      'sample: given room for 16 ids, needs 17 for 1 x 17',
    );
    expect(() => sampler.sample(new Uint32Array(17), 0, 2 ** 22, 1, 16)).toThrow(/needs at most 4194304 a step/);
    expect(() => sampler.sample(new Uint32Array(17), -1, 0, 1, 16)).toThrow(/given step -1/);
  });
});
