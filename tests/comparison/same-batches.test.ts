import { expect, test } from 'vitest';
import { readSameBatches } from '../../src/comparison/same-batches.ts';
import { decodeQuery } from '../../src/config/codec/decode.ts';

const ran = (query: string) => ({ config: decodeQuery(query).config });
const usual = ran('b=4&ga=2&sd=3');

test('the seed and the sequences of a step say which bytes are read, of every run', () => {
  expect(readSameBatches([usual, ran('b=8&ga=1&sd=3'), ran('b=2&ga=4&sd=3&lr=0.01')])).toBe(true);
  expect(readSameBatches([usual, ran('b=4&ga=1&sd=3')])).toBe(false);
  expect(readSameBatches([usual, usual, ran('b=4&ga=2&sd=4')])).toBe(false);
});
