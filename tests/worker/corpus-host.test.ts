import { beforeEach, expect, test, vi } from 'vitest';
import { makeCorpus } from '../../src/data/corpus.ts';
import { downloadEnwik8, loadKeptEnwik8 } from '../../src/data/download-enwik8.ts';
import { textStatistics } from '../../src/data/text-statistics.ts';
import type { CorpusInfo, WorkerEvent } from '../../src/protocol/events.ts';
import { CorpusHost } from '../../src/worker/corpus-host.ts';
import { makeSynthetic } from '../../src/data/synthetic/make-synthetic.ts';
import { FakeFileSystem } from '../data/fake-file-system.ts';

vi.mock('../../src/data/download-enwik8.ts', () => ({
  downloadEnwik8: vi.fn<typeof downloadEnwik8>(),
  loadKeptEnwik8: vi.fn<typeof loadKeptEnwik8>().mockResolvedValue(null),
}));
vi.mock('../../src/data/text-statistics.ts', { spy: true });

const words = new TextEncoder().encode('the whale swam under the ship ');
const SHA_OF_WORDS = 'a1c263a9';

/** A host, and what it told of texts. */
function hosting() {
  const told: WorkerEvent[] = [];
  const host = new CorpusHost((event) => told.push(event));
  const info = (): CorpusInfo => (told.at(-1) as Extract<WorkerEvent, { type: 'corpus' }>).info;
  let requestId = 0;
  const useFile = (file: Blob, name: string) => host.useFile({ type: 'use-file', requestId: ++requestId, file, name });
  const useEnwik8 = (url: string) => host.useEnwik8({ type: 'use-enwik8', requestId: ++requestId, url });
  return { host, told, info, useFile, useEnwik8 };
}

beforeEach(() => () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('a text is told with its digest, which is computed while its bytes are counted', async () => {
  const { useFile, info } = hosting();
  const digest = vi.spyOn(crypto.subtle, 'digest');
  let begunBefore = false;
  vi.mocked(textStatistics).mockImplementationOnce(async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    begunBefore = digest.mock.calls.length > 0;
    return { bytes: 0, zeroBytes: 0, order0BitsPerByte: 4, gzipBitsPerByte: 3, gzipSampleBytes: 0 };
  });
  await useFile(new Blob([words]), 'words.txt');
  expect(info()).toMatchObject({ dataset: 'own', name: 'words.txt', order0Bits: 4, gzipBits: 3 });
  expect(info().sha256!.slice(0, 8)).toBe(SHA_OF_WORDS);
  expect(begunBefore).toBe(true);
});

test('bytes that losses leave out are counted, and of how much of a long text the size under gzip is', async () => {
  const { useFile, info } = hosting();
  await useFile(new Blob([words]), 'words.txt');
  expect(info()).not.toHaveProperty('zeroBytes');
  expect(info()).not.toHaveProperty('gzipBytes');
  await useFile(new Blob([Uint8Array.of(...words, 0, 0)]), 'words.txt');
  expect(info().zeroBytes).toBe(2);
  await useFile(new Blob([new Uint8Array(2 ** 23 + 1)]), 'long.bin');
  expect(info()).toMatchObject({ zeroBytes: 2 ** 23 + 1, gzipBytes: 2 ** 23 });
});

test('an insecure page, whose browser computes no digest, can look at a text all the same', async () => {
  const { useFile, info } = hosting();
  vi.stubGlobal('crypto', {});
  await useFile(new Blob([words]), 'words.txt');
  expect(info()).toMatchObject({ name: 'words.txt', bytes: words.length, sha256: null });
});

test('a downloaded text says why it is not kept, if it is not', async () => {
  vi.stubGlobal('navigator', { storage: new FakeFileSystem(true).storageManager });
  const { useEnwik8, info } = hosting();
  const corpus = makeCorpus('enwik8', words);
  const notice = 'The disk is full.';
  vi.mocked(downloadEnwik8).mockResolvedValue({ corpus, kept: false, notice });
  await useEnwik8('https://somewhere.example/enwik8');
  expect(info().unkept).toBe(notice);

  vi.mocked(downloadEnwik8).mockResolvedValue({ corpus, kept: true, notice: null });
  await useEnwik8('https://somewhere.example/enwik8');
  expect(info()).not.toHaveProperty('unkept');
});

test('without a private file system a downloaded text says so, also when it is opened again', async () => {
  vi.stubGlobal('navigator', {});
  const { useEnwik8, info } = hosting();
  const corpus = makeCorpus('enwik8', words);
  const unkept = 'storage: this browser offers no private file system here';
  vi.mocked(downloadEnwik8).mockResolvedValueOnce({ corpus, kept: false, notice: null });
  await useEnwik8('https://somewhere.example/enwik8');
  expect(info().unkept).toBe(unkept);

  vi.mocked(loadKeptEnwik8).mockResolvedValueOnce(corpus);
  await useEnwik8('https://somewhere.example/enwik8');
  expect(info().unkept).toBe(unkept);
});

test('what becomes of a text is told with the number under which it was asked for', async () => {
  const { told, useFile } = hosting();
  await useFile(new Blob([words]), 'words.txt');
  await useFile(new Blob([]), 'empty.txt');
  expect(told).toMatchObject([
    { type: 'corpus', requestId: 1, info: { name: 'words.txt' } },
    {
      type: 'corpus-failed',
      requestId: 2,
      dataset: 'own',
      message: expect.stringMatching(/^(?!Error|DataError).*empty/),
    },
  ]);
});

test('of two texts that are asked for at once only the second is told', async () => {
  const { told, useFile } = hosting();
  await Promise.all([useFile(new Blob([words]), 'first.txt'), useFile(new Blob([words]), 'second.txt')]);
  expect(told).toMatchObject([{ type: 'corpus', requestId: 2 }]);
});

test('a text that is given up while it is read is not told', async () => {
  const { host, told, useFile } = hosting();
  const reading = useFile(new Blob([words]), 'words.txt');
  host.cancel();
  await reading;
  expect(told).toEqual([]);
});

test('of the present text a little is told at a time, and nothing where there is none', async () => {
  const { host, told, useFile } = hosting();
  host.peek(7, 0, 10);
  expect(told).toEqual([]);
  await useFile(new Blob([Uint8Array.from({ length: 5000 }, (_, at) => at % 251)]), 'bytes.txt');
  host.take(1);
  host.peek(8, 300, 2);
  expect(told.at(-1)).toEqual({ type: 'peek', requestId: 8, bytes: Uint8Array.of(49, 50) });
  host.peek(9, 0, 5000);
  expect((told.at(-1) as Extract<WorkerEvent, { type: 'peek' }>).bytes).toHaveLength(4096);
});

test('a text is the present one once it is taken; one that is given up in the very moment it comes never is', async () => {
  const { host, useFile } = hosting();
  await useFile(new Blob([words]), 'first.txt');
  expect(host.current).toBeNull();
  host.take(1);
  expect(host.current!.name).toBe('first.txt');

  // The page cancels, or asks for another text, before it hears that this one is there.
  await useFile(new Blob([words]), 'second.txt');
  host.cancel();
  host.take(2);
  expect(host.current!.name).toBe('first.txt');
  await useFile(new Blob([words]), 'third.txt');
  await useFile(new Blob([]), 'empty.txt');
  host.take(3);
  expect(host.current!.name).toBe('first.txt');
});

test('a text that a rule makes is told with what is known of it for that', async () => {
  const { host, info } = hosting();
  await host.useSynthetic({ type: 'use-synthetic', requestId: 1, id: 'sort' });
  const { corpus, ...synthetic } = makeSynthetic('sort');
  expect(info()).toMatchObject({ dataset: 'sort', name: 'Sorting', bytes: corpus.bytes.length, synthetic });
  expect(info().order0Bits).toBeGreaterThan(synthetic.floorBits);
  host.take(1);
  const { bytes, ...parts } = host.current!;
  const { bytes: made, ...partsMade } = corpus;
  expect(parts).toEqual(partsMade);
  expect(Buffer.compare(bytes, made)).toBe(0);
});
