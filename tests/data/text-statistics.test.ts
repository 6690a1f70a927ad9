import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { textStatistics } from '../../src/data/text-statistics.ts';

test('order-0 entropy is that of the byte frequencies', async () => {
  const uniform = Uint8Array.from({ length: 2560 }, (_, i) => i % 256);
  expect(await textStatistics(uniform)).toMatchObject({ bytes: 2560, zeroBytes: 10, order0BitsPerByte: 8 });
  const quarter = Uint8Array.from({ length: 4000 }, (_, i) => (i % 4 === 0 ? 1 : 2));
  const { order0BitsPerByte } = await textStatistics(quarter);
  expect(order0BitsPerByte).toBeCloseTo(-(0.25 * Math.log2(0.25) + 0.75 * Math.log2(0.75)), 12);
});

test('gzip bits per byte are those of a gzip file of the same text, over a sample of at most the asked length', async () => {
  const text = Buffer.from('the whale '.repeat(5000));
  const { gzipBitsPerByte, gzipSampleBytes } = await textStatistics(text, 20_000);
  expect(gzipSampleBytes).toBe(20_000);
  const expected = (8 * gzipSync(text.subarray(0, 20_000)).length) / 20_000;
  expect(Math.abs(gzipBitsPerByte - expected)).toBeLessThan(0.05 * expected);
});

test('an empty text has figures of 0', async () => {
  expect(await textStatistics(new Uint8Array(0))).toEqual({
    bytes: 0,
    zeroBytes: 0,
    order0BitsPerByte: 0,
    gzipBitsPerByte: 0,
    gzipSampleBytes: 0,
  });
});
