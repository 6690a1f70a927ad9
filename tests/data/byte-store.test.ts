import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ByteStore } from '../../src/data/byte-store.ts';
import { MemoryStore } from '../../src/data/memory-store.ts';
import { openOpfsStore } from '../../src/data/opfs-store.ts';
import { encodeText } from '../../src/text/encode.ts';
import { FakeFileSystem } from './fake-file-system.ts';

async function append(store: ByteStore, name: string, ...texts: string[]): Promise<void> {
  const writer = await store.append(name);
  for (const text of texts) await writer.write(encodeText(text));
  await writer.close();
}

async function readText(store: ByteStore, name: string): Promise<string | null> {
  const bytes = await store.read(name);
  return bytes && new TextDecoder().decode(bytes);
}

function useFileSystem(inWorker: boolean): FakeFileSystem {
  const fileSystem = new FakeFileSystem(inWorker);
  vi.stubGlobal('navigator', { storage: fileSystem.storageManager });
  return fileSystem;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe.each([
  ['in memory', async () => new MemoryStore()],
  ['in the private file system of a worker', async () => (useFileSystem(true), openOpfsStore('texts'))],
  ['in the private file system of a page', async () => (useFileSystem(false), openOpfsStore('texts'))],
])('a store %s', (_, open) => {
  let store: ByteStore;
  beforeEach(async () => {
    store = await open();
  });

  test('gives back what was appended, also after it was closed and opened again', async () => {
    await append(store, 'a', 'first ', 'second ');
    await append(store, 'a', 'third');
    expect(await readText(store, 'a')).toBe('first second third');
    expect(await store.size('a')).toBe(18);
    const stream = await store.stream('a');
    expect(await new Response(stream).text()).toBe('first second third');
  });

  test('knows no entry before it is written and after it is removed', async () => {
    expect([await store.size('a'), await store.read('a'), await store.stream('a')]).toEqual([null, null, null]);
    await append(store, 'a', 'x');
    await append(store, 'b', 'y');
    expect((await store.list()).sort()).toEqual(['a', 'b']);
    await store.remove('a');
    await store.remove('a');
    expect(await store.list()).toEqual(['b']);
    expect(await store.size('a')).toBeNull();
  });

  test('keeps its own copy of a chunk', async () => {
    const chunk = encodeText('abc');
    const writer = await store.append('a');
    await writer.write(chunk);
    chunk.fill(0);
    await writer.close();
    expect(await readText(store, 'a')).toBe('abc');
  });
});

describe.each([
  ['a worker', true],
  ['a page', false],
])('the private file system of %s', (_, inWorker) => {
  test('that is full is said to be so, with the room there is, and lets go of the entry', async () => {
    const fileSystem = useFileSystem(inWorker);
    const store = await openOpfsStore('texts');
    await append(store, 'a', 'abc');
    fileSystem.quota = 5;
    const writer = await store.append('a');
    await expect(writer.write(encodeText('defgh'))).rejects.toMatchObject({
      code: 'storage-full',
      message: expect.stringMatching(/no room for "a", \d bytes of 5 bytes are used; free some disk space/),
    });
    await writer.close().catch(() => {});
    expect(await readText(store, 'a')).toMatch(/^abc/);
    await store.remove('a');
    expect(await store.list()).toEqual([]);
  });
});

test('an entry that another tab writes to is said to be in use', async () => {
  useFileSystem(true);
  const store = await openOpfsStore('texts');
  const holder = await store.append('a');
  const inUse = { code: 'storage-busy', message: 'storage: "a" is in use by another tab of this site' };
  await expect(store.append('a')).rejects.toMatchObject(inUse);
  await expect(store.remove('a')).rejects.toMatchObject(inUse);
  await holder.close();
});

test('an entry that holds less than was written to it is said to do so, and let go', async () => {
  const fileSystem = useFileSystem(true);
  const store = await openOpfsStore('texts');
  const writer = await store.append('a');
  await writer.write(encodeText('abcdef'));
  fileSystem.files.set('a', encodeText('abc'));
  await expect(writer.close()).rejects.toMatchObject({
    code: 'storage',
    message: 'storage: "a" holds 3 bytes after writing, needs 6 bytes',
  });
  expect(fileSystem.locked.size).toBe(0);
});

test('a page keeps what it downloads every few megabytes, not only at the end', async () => {
  const fileSystem = useFileSystem(false);
  const store = await openOpfsStore('texts');
  const writer = await store.append('a');
  const megabyte = new Uint8Array(2 ** 20);
  for (let i = 0; i < 10; i++) await writer.write(megabyte);
  expect(fileSystem.files.get('a')).toHaveLength(8 * 2 ** 20);
  await writer.close();
  expect(fileSystem.files.get('a')).toHaveLength(10 * 2 ** 20);
});

test.each([
  ['no storage at all', undefined],
  ['storage without a file system', {}],
])('a browser with %s is said to have none', async (_, storage) => {
  vi.stubGlobal('navigator', { storage });
  await expect(openOpfsStore('texts')).rejects.toMatchObject({
    code: 'storage',
    message: 'storage: this browser offers no private file system here',
  });
});
