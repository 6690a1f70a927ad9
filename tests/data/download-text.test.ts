import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DownloadOptions, DownloadProgress } from '../../src/data/download-text.ts';
import { downloadText, loadKeptText } from '../../src/data/download-text.ts';
import { MemoryStore } from '../../src/data/memory-store.ts';
import { openOpfsStore } from '../../src/data/opfs-store.ts';
import type { TextSource } from '../../src/data/text-source.ts';
import { RandomStream } from '../../src/random/random-stream.ts';
import { encodeText } from '../../src/text/encode.ts';
import { FakeFileSystem } from './fake-file-system.ts';
import { hangUp, serve, serveAsPart, servePacked, servePart, startFileServer, status } from './file-server.ts';
import type { FileServer } from './file-server.ts';

/** Sixteen letters at random: half of the size is left when it is packed. */
function randomText(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = new RandomStream(seed, 'text');
  return Uint8Array.from({ length }, (_, i) => 97 + random.uniformInt(i, 16));
}

const TEXT = randomText(400_000, 1);
const PACKED = gzipSync(TEXT);
const HALF = PACKED.length >> 1;
/** So many that the head of another text is not yet there when its connection breaks half-way. */
const HEAD_BYTES = 370_000;

let server: FileServer;
let source: TextSource;

beforeAll(async () => {
  server = await startFileServer();
  source = {
    name: 'letters',
    url: server.url,
    headBytes: HEAD_BYTES,
    headSha256: createHash('sha256').update(TEXT.subarray(0, HEAD_BYTES)).digest('hex'),
    minBytes: 380_000,
    expectedBytes: 390_000,
  };
});
afterAll(() => server.close());
afterEach(() => {
  vi.unstubAllGlobals();
});

function download(options: Partial<DownloadOptions> = {}) {
  const { store = new MemoryStore() } = options;
  server.stored = async () => (await store.size('letters.gz')) ?? 0;
  return downloadText(source, { retryDelayMs: 1, maxRetries: 2, ...options, store });
}

function expectText(bytes: Uint8Array | null): void {
  expect(bytes).not.toBeNull();
  expect(Buffer.compare(bytes!, TEXT)).toBe(0);
}

describe('downloadText', () => {
  test('unpacks what it fetches and reports bytes, total, rate and unpacked bytes', async () => {
    server.answer(serve(PACKED));
    const reports: DownloadProgress[] = [];
    const { bytes } = await download({ onProgress: (progress) => reports.push(progress) });
    expectText(bytes);
    expect(server.ranges).toEqual([null]);
    expect(reports[0]).toMatchObject({ receivedBytes: 0, bytesPerSecond: 0, decompressedBytes: 0 });
    const last = reports.at(-1)!;
    expect(last).toMatchObject({
      receivedBytes: PACKED.length,
      totalBytes: PACKED.length,
      decompressedBytes: TEXT.length,
    });
    expect(last.bytesPerSecond).toBeGreaterThan(0);
  });

  test('goes on by itself where a connection broke, with the right bytes', async () => {
    server.answer(serve(PACKED, { cutAfter: HALF }), serve(PACKED));
    const reports: DownloadProgress[] = [];
    const { bytes } = await download({ onProgress: (progress) => reports.push(progress) });
    expectText(bytes);
    expect(server.ranges).toEqual([null, `bytes=${HALF}-`]);
    expect(reports.at(-1)).toMatchObject({ receivedBytes: PACKED.length, totalBytes: PACKED.length });
  });

  test('goes on as long as each attempt brings new bytes', async () => {
    server.answer(serve(PACKED, { cutAfter: Math.ceil(PACKED.length / 8) }));
    // A cut connection may lose what was on its way, so an attempt can bring nothing; more of them are needed than may fail in a row.
    expectText((await download({ maxRetries: 3 })).bytes);
    expect(server.ranges.length).toBeGreaterThanOrEqual(8);
  });

  test('goes on in a later call from the bytes that an earlier one has left in the store', async () => {
    const store = new MemoryStore();
    server.answer(serve(PACKED, { cutAfter: HALF }), status(503));
    await expect(download({ store })).rejects.toMatchObject({
      name: 'DataError',
      code: 'http',
      message: expect.stringMatching(
        /^letters: the download from 127\.0\.0\.1:\d+ failed 3 times in a row \(127.0.0.1:\d+ answered 503 Service Unavailable\); [\d,]+ bytes of [\d,]+ bytes have come, the next download goes on from there$/,
      ),
    });
    expect(await loadKeptText(source, store)).toBeNull();
    server.answer(serve(PACKED));
    expectText((await download({ store })).bytes);
    expect(server.ranges).toEqual([`bytes=${HALF}-`]);
  });

  test('starts over when the server ignores Range', async () => {
    server.answer(serve(PACKED, { cutAfter: HALF }), serve(PACKED, { ignoreRange: true }));
    expectText((await download()).bytes);
    expect(server.ranges).toEqual([null, `bytes=${HALF}-`]);
  });

  test('asks for the whole file in the end when a request with Range gets no answer', async () => {
    server.answer(serve(PACKED, { cutAfter: HALF }), hangUp, serve(PACKED));
    expectText((await download()).bytes);
    expect(server.ranges).toEqual([null, `bytes=${HALF}-`, null]);
  });

  test('starts over when the file on the server has changed meanwhile', async () => {
    const older = gzipSync(randomText(400_000, 2));
    server.answer(serve(older, { cutAfter: HALF, etag: '"1"' }), serve(PACKED, { etag: '"2"' }));
    expectText((await download()).bytes);
    expect(server.ranges).toEqual([null, `bytes=${HALF}-`, null]);
  });

  test('starts over as often as the file on the server changes', async () => {
    const [older, old] = [2, 3].map((seed) => gzipSync(randomText(400_000, seed)));
    const file = serve(PACKED, { etag: '"3"' });
    server.answer(
      serve(older, { cutAfter: HALF, etag: '"1"' }),
      file,
      serve(old, { cutAfter: HALF, etag: '"2"' }),
      file,
    );
    expectText((await download({ maxRetries: 9 })).bytes);
    expect(server.ranges).toEqual([null, `bytes=${HALF}-`, null, `bytes=${HALF}-`, null]);
  });

  test('starts over as often as the server sends another part than was asked for', async () => {
    const [broken, whole] = [serve(PACKED, { cutAfter: HALF }), serve(PACKED)];
    server.answer(broken, serveAsPart(PACKED), broken, serveAsPart(PACKED), whole);
    expectText((await download({ maxRetries: 9 })).bytes);
    expect(server.ranges).toEqual([null, `bytes=${HALF}-`, null, `bytes=${HALF}-`, null]);
  });

  test('starts over once when old and new bytes do not fit together and nothing told so before', async () => {
    const store = new MemoryStore();
    const older = gzipSync(randomText(400_000, 2));
    server.answer(serve(older, { cutAfter: HALF }), status(503));
    await expect(download({ store })).rejects.toThrow('503');
    server.answer(serve(PACKED));
    expectText((await download({ store })).bytes);
    expect(server.ranges).toEqual([`bytes=${HALF}-`, null]);
  });

  test('needs no content length', async () => {
    server.answer(serve(PACKED, { omitLength: true }));
    const reports: DownloadProgress[] = [];
    expectText((await download({ onProgress: (progress) => reports.push(progress) })).bytes);
    expect(reports.at(-1)!.totalBytes).toBeNull();
  });

  test('is not misled by the length of what the server packs once more', async () => {
    server.answer(servePacked(PACKED));
    expectText((await download()).bytes);
    expect(server.ranges).toEqual([null]);
  });

  test.each([408, 425, 429, 500, 503])('asks again after an answer of %i', async (code) => {
    server.answer(status(code), serve(PACKED));
    expectText((await download()).bytes);
    expect(server.ranges).toEqual([null, null]);
  });

  test('notices without a content length that the content ends early, and goes on from there', async () => {
    server.answer(servePart(PACKED, HALF), serve(PACKED, { omitLength: true }));
    expectText((await download()).bytes);
    expect(server.ranges).toEqual([null, `bytes=${HALF}-`]);
  });

  test('takes a connection that brings nothing any more for a broken one', async () => {
    server.answer(serve(PACKED, { hangAfter: HALF }), serve(PACKED));
    expectText((await download({ stallMs: 200 })).bytes);
    expect(server.ranges).toEqual([null, `bytes=${HALF}-`]);
  });

  test('can be cancelled in the middle and taken up again', async () => {
    const store = new MemoryStore();
    server.answer(serve(PACKED, { hangAfter: HALF }));
    const controller = new AbortController();
    const cancelled = download({ store, signal: controller.signal });
    await vi.waitFor(async () => expect(await store.size('letters.gz')).toBe(HALF));
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    server.answer(serve(PACKED));
    expectText((await download({ store })).bytes);
    expect(server.ranges).toEqual([`bytes=${HALF}-`]);
  });

  test('does not ask at all when it is cancelled before', async () => {
    server.answer(serve(PACKED));
    const signal = AbortSignal.abort();
    await expect(download({ signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.ranges).toEqual([]);
  });
});

describe('downloadText refuses', () => {
  test('a text with a wrong checksum, says so, and keeps nothing', async () => {
    const store = new MemoryStore();
    server.answer(serve(gzipSync(randomText(400_000, 3))));
    await expect(download({ store })).rejects.toMatchObject({
      code: 'checksum',
      message: expect.stringMatching(
        /^letters: wrong checksum: the first [\d,]+ bytes have sha256 [0-9a-f]{64}, need [0-9a-f]{64}; nothing is kept$/,
      ),
    });
    expect(await store.list()).toEqual([]);
    expect(server.ranges).toEqual([null]);
  });

  test.each([
    [
      'a text that is too short',
      () => gzipSync(TEXT.subarray(0, 379_999)),
      'truncated',
      /given 379,999 bytes of text, needs at least/,
    ],
    ['content that is no gzip data', () => TEXT, 'corrupt', /the content is no intact gzip data; nothing is kept/],
    ['gzip data that is cut on the server', () => PACKED.subarray(0, -100), 'corrupt', /no intact gzip data/],
    ['gzip data that fails its own check', () => damaged(PACKED), 'corrupt', /no intact gzip data/],
  ])('%s, and keeps nothing', async (_, content, code, message) => {
    const store = new MemoryStore();
    server.answer(serve(content()));
    await expect(download({ store })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await store.list()).toEqual([]);
  });

  test('an answer of 404 at once', async () => {
    server.answer(status(404));
    await expect(download()).rejects.toMatchObject({
      code: 'http',
      message: expect.stringMatching(/^letters: 127.0.0.1:\d+ answered 404 Not Found, needs the file at http/),
    });
    expect(server.ranges).toHaveLength(1);
  });

  test('an answer of 404 where a part has come before, which stays', async () => {
    const store = new MemoryStore();
    server.answer(serve(PACKED, { hangAfter: HALF }));
    await expect(download({ store, stallMs: 100, maxRetries: 0 })).rejects.toMatchObject({ code: 'network' });
    server.answer(status(404));
    await expect(download({ store })).rejects.toMatchObject({ code: 'http' });
    expect(await store.size('letters.gz')).toBe(HALF);
  });

  test('to go on for ever without a network', async () => {
    const closed = await startFileServer();
    await closed.close();
    const unreachable = { ...source, url: closed.url };
    const options = { store: new MemoryStore(), retryDelayMs: 1, maxRetries: 1 };
    await expect(downloadText(unreachable, options)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/failed 2 times in a row \(no connection\); 0 bytes have come/),
    });
  });
});

describe('a downloaded text', () => {
  function useFileSystem(): FakeFileSystem {
    const fileSystem = new FakeFileSystem(true);
    vi.stubGlobal('navigator', { storage: fileSystem.storageManager });
    return fileSystem;
  }

  test('is kept, so that the next visit needs no network', async () => {
    useFileSystem();
    server.answer(serve(PACKED));
    expect(await download({ store: await openOpfsStore('texts') })).toMatchObject({ kept: true, notice: null });
    server.answer(status(500));
    const nextVisit = await openOpfsStore('texts');
    expectText(await loadKeptText(source, nextVisit));
    expect(await download({ store: nextVisit })).toMatchObject({ kept: true });
    expect(server.ranges).toEqual([]);
  });

  test('is forgotten when its file was damaged in the store', async () => {
    const fileSystem = useFileSystem();
    const store = await openOpfsStore('texts');
    server.answer(serve(PACKED));
    await download({ store });
    fileSystem.files.get('letters.gz')!.fill(0, 1000, 2000);
    expect(await loadKeptText(source, store)).toBeNull();
    expect([...fileSystem.files.keys()]).toEqual([]);
  });

  test('stays when the store cannot be read', async () => {
    const store = new MemoryStore();
    server.answer(serve(PACKED));
    await download({ store });
    const reading = vi.spyOn(store, 'stream').mockRejectedValue(new Error('busy'));
    await expect(loadKeptText(source, store)).rejects.toThrow('busy');
    reading.mockRestore();
    expectText(await loadKeptText(source, store));
  });

  test('is forgotten when it came from another URL', async () => {
    const store = new MemoryStore();
    server.answer(serve(PACKED));
    await download({ store });
    expect(await loadKeptText({ ...source, url: `${source.url}?other` }, store)).toBeNull();
    expect(await store.list()).toEqual([]);
  });

  test.each([0, 10, 1000, HALF])('comes all the same when the storage is full after %d bytes', async (quota) => {
    const fileSystem = useFileSystem();
    fileSystem.quota = quota;
    server.answer(serve(PACKED));
    const { bytes, kept, notice } = await download({ store: await openOpfsStore('texts') });
    expectText(bytes);
    expect(kept).toBe(false);
    expect(notice).toMatch(/^storage: no room for "letters\.(gz|json)", .* are used; free some disk space/);
    expect([...fileSystem.files.keys()]).toEqual([]);
    expect(server.ranges).toEqual([null]);
  });

  test('goes on where a connection broke although the storage took a part of some bytes only', async () => {
    const fileSystem = useFileSystem();
    fileSystem.quota = HALF;
    const most = Math.floor(PACKED.length * 0.9);
    server.answer(serve(PACKED, { hangAfter: most }), serve(PACKED));
    expectText((await download({ store: await openOpfsStore('texts'), stallMs: 200 })).bytes);
    expect(server.ranges).toEqual([null, `bytes=${most}-`]);
  });

  test('goes on from what another tab has of it, and leaves that alone', async () => {
    const fileSystem = useFileSystem();
    const store = await openOpfsStore('texts');
    const otherTab = await store.append('letters.gz');
    await otherTab.write(PACKED.subarray(0, 10));
    const noted = { url: source.url, totalBytes: PACKED.length, validator: null, complete: false };
    fileSystem.files.set('letters.json', encodeText(JSON.stringify(noted)));
    server.answer(serve(PACKED));
    expectText((await download({ store })).bytes);
    await otherTab.close();
    expect(server.ranges).toEqual(['bytes=10-']);
    expect(await store.size('letters.gz')).toBe(10);
    expect(JSON.parse(new TextDecoder().decode((await store.read('letters.json'))!))).toEqual(noted);
  });

  test('comes all the same when another tab holds its file, which is left alone', async () => {
    useFileSystem();
    const store = await openOpfsStore('texts');
    const otherTab = await store.append('letters.gz');
    await otherTab.write(PACKED.subarray(0, 10));
    server.answer(serve(PACKED));
    const { bytes, kept, notice } = await download({ store });
    expectText(bytes);
    expect(kept).toBe(false);
    expect(notice).toBe('storage: "letters.gz" is in use by another tab of this site');
    await otherTab.close();
    expect(await store.size('letters.gz')).toBe(10);
  });
});

function damaged(packed: Uint8Array): Uint8Array {
  const copy = Buffer.from(packed);
  copy[copy.length - 8] ^= 1;
  return copy;
}
