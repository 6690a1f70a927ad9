import { beforeEach, expect, test, vi } from 'vitest';
import { makeCorpus } from '../../src/data/corpus.ts';
import { downloadEnwik8 } from '../../src/data/download-enwik8.ts';
import { textStatistics } from '../../src/data/text-statistics.ts';
import type { CorpusInfo, WorkerEvent } from '../../src/protocol/events.ts';
import { CorpusHost } from '../../src/worker/corpus-host.ts';

vi.mock('../../src/data/download-enwik8.ts', () => ({
  downloadEnwik8: vi.fn<typeof downloadEnwik8>(),
  loadKeptEnwik8: () => Promise.resolve(null),
}));
vi.mock('../../src/data/text-statistics.ts', { spy: true });

const words = new TextEncoder().encode('the whale swam under the ship ');
const SHA_OF_WORDS = 'a1c263a9';

/** A host, and what it told of texts. */
function hosting() {
  const told: WorkerEvent[] = [];
  const host = new CorpusHost((event) => told.push(event));
  const info = (): CorpusInfo => (told.at(-1) as Extract<WorkerEvent, { type: 'corpus' }>).info;
  return { host, told, info };
}

beforeEach(() => () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('a text is told with its digest, which is computed while its bytes are counted', async () => {
  const { host, info } = hosting();
  const digest = vi.spyOn(crypto.subtle, 'digest');
  let begunBefore = false;
  vi.mocked(textStatistics).mockImplementationOnce(async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    begunBefore = digest.mock.calls.length > 0;
    return { bytes: 0, distinctBytes: 0, order0BitsPerByte: 4, gzipBitsPerByte: 3, gzipSampleBytes: 0 };
  });
  await host.useFile(new Blob([words]), 'words.txt');
  expect(info()).toMatchObject({ dataset: 'own', name: 'words.txt', order0Bits: 4, gzipBits: 3 });
  expect(info().sha256!.slice(0, 8)).toBe(SHA_OF_WORDS);
  expect(begunBefore).toBe(true);
});

test('an insecure page, whose browser computes no digest, can look at a text all the same', async () => {
  const { host, info } = hosting();
  vi.stubGlobal('crypto', {});
  await host.useFile(new Blob([words]), 'words.txt');
  expect(info()).toMatchObject({ name: 'words.txt', bytes: words.length, sha256: null });
});

test('a downloaded text says why it is not kept, if it is not', async () => {
  const { host, info } = hosting();
  const corpus = makeCorpus('enwik8', words);
  const notice = 'The disk is full.';
  vi.mocked(downloadEnwik8).mockResolvedValue({ corpus, kept: false, notice });
  await host.useEnwik8('https://somewhere.example/enwik8');
  expect(info().unkept).toBe(notice);

  vi.mocked(downloadEnwik8).mockResolvedValue({ corpus, kept: true, notice: null });
  await host.useEnwik8('https://somewhere.example/enwik8');
  expect(info()).not.toHaveProperty('unkept');
});
