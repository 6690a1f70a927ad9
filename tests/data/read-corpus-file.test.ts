import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readCorpusFile } from '../../src/data/read-corpus-file.ts';
import { zipOf } from './zip-fixture.ts';

const TEXT = Buffer.from('It is not down on any map; true places never are.\n'.repeat(2000));

function fileOf(name: string, bytes: Uint8Array): File {
  return new File([bytes as Uint8Array<ArrayBuffer>], name);
}

async function expectText(file: File, name: string): Promise<void> {
  const corpus = await readCorpusFile(file);
  expect(corpus.name).toBe(name);
  expect(Buffer.compare(corpus.bytes, TEXT)).toBe(0);
}

describe('readCorpusFile takes', () => {
  test('any bytes of a plain file as they are', async () => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);
    const corpus = await readCorpusFile(fileOf('any.bin', everyByte));
    expect(corpus.bytes).toEqual(everyByte);
    expect(corpus.train).toEqual({ start: 0, end: 230 });
  });

  test.each([
    [0x1f, 0x41, 8],
    [0x41, 0x8b, 8],
    [0x1f, 0x8b, 7],
    [0x50, 0x61, 3, 4],
    [0x41, 0x4b, 3, 4],
    [0x50, 0x4b, 3, 6],
  ])('a plain file that begins almost like a packed one, with %i, %i, %i', async (...head) => {
    const almost = Uint8Array.from([...head, ...TEXT]);
    expect((await readCorpusFile(fileOf('almost.txt', almost))).bytes).toEqual(almost);
  });

  test('gzip data by its content, with and without the name for it', async () => {
    await expectText(fileOf('map.txt.gz', gzipSync(TEXT)), 'map.txt');
    await expectText(fileOf('map', gzipSync(TEXT)), 'map');
  });

  test.each([true, false])('the file of a zip archive (stored: %s)', async (stored) => {
    await expectText(fileOf('map.zip', zipOf([{ name: 'map.txt', bytes: TEXT, stored }])), 'map.txt');
  });

  test('the largest file of several, not folders or what systems add', async () => {
    const archive = zipOf([
      { name: 'book/', bytes: new Uint8Array(0), stored: true },
      { name: '__MACOSX/._map.txt', bytes: Buffer.alloc(2 * TEXT.length) },
      { name: 'book/small.txt', bytes: TEXT.subarray(0, 100) },
      { name: 'book/map.txt', bytes: TEXT },
    ]);
    await expectText(fileOf('book', archive), 'book/map.txt');
  });

  test('an archive with a comment', async () => {
    const archive = zipOf([{ name: 'map.txt', bytes: TEXT }], 'from the reading room');
    await expectText(fileOf('map.zip', archive), 'map.txt');
  });

  test('an archive whose comment looks like the end of another one', async () => {
    const comment = 'PK\x05\x06 is how the index of every archive ends';
    await expectText(fileOf('map.zip', zipOf([{ name: 'map.txt', bytes: TEXT }], comment)), 'map.txt');
  });

  test('an archive that says more of its files than their names', async () => {
    // Times, as Info-ZIP writes them: more of them beside the file than in the index.
    const extras = [Buffer.from('UT\x09\x00\x03aaaabbbb'), Buffer.from('UT\x05\x00\x03aaaa')] as const;
    const archive = zipOf([
      { name: 'small.txt', bytes: TEXT.subarray(0, 100), extras, comment: 'the beginning' },
      { name: 'map.txt', bytes: TEXT, extras, comment: 'all of it' },
    ]);
    await expectText(fileOf('map.zip', archive), 'map.txt');
  });
});

describe('readCorpusFile refuses', () => {
  const zipped = zipOf([{ name: 'map.txt', bytes: TEXT }]);
  const damagedData = Buffer.from(zipped);
  damagedData.fill(0xff, 60, 80);
  const movedIndex = Buffer.from(zipped);
  movedIndex.writeUInt32LE(5, movedIndex.length - 6);
  const lateIndex = Buffer.from(zipped);
  lateIndex.writeUInt32LE(zipped.length - 30, lateIndex.length - 6);
  const gzipped = gzipSync(TEXT);
  const wrongGzipCheck = Buffer.from(gzipped);
  wrongGzipCheck[gzipped.length - 8] ^= 1;
  const zip64 = Buffer.from(zipped);
  zip64.writeUInt32LE(0xffffffff, zip64.length - 6);

  test.each<[string, string, Uint8Array, string, RegExp]>([
    ['an empty file', 'a.txt', new Uint8Array(0), 'empty', /text "a.txt": given an empty file/],
    ['an empty file named as an archive', 'a.zip', new Uint8Array(0), 'empty', /given an empty file/],
    [
      'gzip data that is cut',
      'a.gz',
      gzipped.subarray(0, 60),
      'corrupt',
      /"a.gz": the gzip data is damaged, cut short or/,
    ],
    ['gzip data that fails its check', 'a.gz', wrongGzipCheck, 'corrupt', /damaged, cut short or/],
    ['gzip data of nothing', 'a.gz', gzipSync(''), 'empty', /text "a": given an empty file/],
    ['a text named .gz', 'a.gz', TEXT, 'corrupt', /"a.gz": given no gz data although its name says so/],
    ['a text named .zip', 'a.zip', TEXT, 'corrupt', /"a.zip": given no zip data although its name says so/],
    ['an archive without a file', 'a.zip', zipOf([]), 'empty', /"a.zip": given an archive without a file/],
    ['an archive of a folder', 'a.zip', zipOf([{ name: 'b/', bytes: Buffer.of() }]), 'empty', /without a file/],
    ['an archive of an empty file', 'a.zip', zipOf([{ name: 'b', bytes: Buffer.of() }]), 'empty', /text "b": given an/],
    ['an archive that is cut', 'a.zip', zipped.subarray(0, -40), 'corrupt', /the index at its end is missing/],
    ['an archive whose index points elsewhere', 'a.zip', movedIndex, 'corrupt', /the archive is damaged/],
    ['an archive whose index points behind it', 'a.zip', lateIndex, 'corrupt', /the archive is damaged/],
    ['an archive with damaged data', 'a.zip', damagedData, 'corrupt', /"map.txt" (cannot be unpacked|fails its check)/],
    [
      'an archive with a wrong checksum',
      'a.zip',
      zipOf([{ name: 'map.txt', bytes: TEXT, stored: true, crc: 1 }]),
      'corrupt',
      /"map.txt" fails its check/,
    ],
    [
      'an encrypted archive',
      'a.zip',
      zipOf([{ name: 'map.txt', bytes: TEXT, flags: 1 }]),
      'unsupported',
      /"map.txt" is encrypted/,
    ],
    [
      'an archive of another method',
      'a.zip',
      zipOf([{ name: 'map.txt', bytes: TEXT, method: 14 }]),
      'unsupported',
      /packed by method 14, needs deflate or stored/,
    ],
    ['the zip64 form', 'a.zip', zip64, 'unsupported', /given the zip64 form, needs files below 4 GiB/],
  ])('%s', async (_, name, bytes, code, message) => {
    await expect(readCorpusFile(fileOf(name, bytes))).rejects.toMatchObject({
      name: 'DataError',
      code,
      message: expect.stringMatching(message),
    });
  });

  test.each([
    ['a.txt', TEXT],
    ['a.gz', gzipped],
    ['a.zip', zipped],
  ])('%s when its text is longer than the limit, and says the limit', async (name, bytes) => {
    const read = readCorpusFile(fileOf(name, bytes), { maxBytes: 99_999 });
    await expect(read).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('needs at most 99,999 bytes'),
    });
    const whole = await readCorpusFile(fileOf(name, bytes), { maxBytes: TEXT.length });
    expect(whole.bytes).toHaveLength(TEXT.length);
  });

  test('an archive that unpacks to more than it says, before memory fills', async () => {
    const archive = zipOf([{ name: 'map.txt', bytes: TEXT }]);
    // The size in the central directory: 24 bytes into the entry that stands 46 + 7 + 22 bytes before the end.
    archive.writeUInt32LE(10, archive.length - 75 + 24);
    await expect(readCorpusFile(fileOf('a.zip', archive), { maxBytes: 1000 })).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});

test('readCorpusFile stops when it is aborted', async () => {
  const controller = new AbortController();
  controller.abort();
  const read = readCorpusFile(fileOf('a.gz', gzipSync(TEXT)), { signal: controller.signal });
  await expect(read).rejects.toMatchObject({ name: 'AbortError' });
});
