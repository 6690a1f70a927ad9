import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { downloadEnwik8, loadKeptEnwik8 } from '../../src/data/download-enwik8.ts';
import { ENWIK8, isEnwik8 } from '../../src/data/enwik8.ts';
import { MemoryStore } from '../../src/data/memory-store.ts';
import { encodeText } from '../../src/text/encode.ts';
import { serve, startFileServer } from './file-server.ts';
import type { FileServer } from './file-server.ts';

const TEXT = encodeText('<mediawiki>'.repeat(100));
const HEAD_SHA256 = createHash('sha256').update(TEXT.subarray(0, 500)).digest('hex');
const SMALL = { ...ENWIK8, headBytes: 500, headSha256: HEAD_SHA256, minBytes: 1000, expectedBytes: 1100 };

let server: FileServer;
beforeAll(async () => {
  server = await startFileServer();
  server.answer(serve(gzipSync(TEXT)));
});
afterAll(() => server.close());

test('enwik8 is known by its first bytes and its length', async () => {
  const otherHead = TEXT.slice();
  otherHead[499] ^= 1;
  const otherTail = TEXT.slice();
  otherTail[500] ^= 1;
  expect(await isEnwik8(TEXT, SMALL)).toBe(true);
  expect(await isEnwik8(otherTail, SMALL)).toBe(true);
  expect(await isEnwik8(otherHead, SMALL)).toBe(false);
  expect(await isEnwik8(TEXT.subarray(0, 999), SMALL)).toBe(false);
});

test('downloaded enwik8 becomes a corpus, now and on the next visit', async () => {
  const store = new MemoryStore();
  const source = { ...SMALL, url: server.url };
  expect(await loadKeptEnwik8(store, source)).toBeNull();
  const { corpus } = await downloadEnwik8({ store }, source);
  expect(corpus).toMatchObject({ name: 'enwik8', train: { start: 0, end: 990 }, test: { start: 1045, end: 1100 } });
  expect(await loadKeptEnwik8(store, source)).toEqual(corpus);
});
