import { afterEach, expect, test, vi } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { storedText } from '../../src/data/kept-text.ts';
import { MemoryStore } from '../../src/data/memory-store.ts';
import { openOpfsStore } from '../../src/data/opfs-store.ts';
import { FakeFileSystem } from './fake-file-system.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  ['in memory', () => new MemoryStore()],
  [
    'in the private file system of a worker',
    () => {
      vi.stubGlobal('navigator', { storage: new FakeFileSystem(true).storageManager });
      return null;
    },
  ],
])('a text %s is there for who opens it again, and replaced as a whole', async (_, make) => {
  const store = make();
  const open = async () => store ?? (await openOpfsStore('kernels'));
  expect(await storedText(open, 'a').read()).toBeNull();
  await storedText(open, 'a').write('a long text: äöü');
  expect(await storedText(open, 'a').read()).toBe('a long text: äöü');
  await storedText(open, 'a').write('short');
  expect(await storedText(open, 'a').read()).toBe('short');
  expect(await storedText(open, 'b').read()).toBeNull();
});

test('a browser without a private file system is told to who reads or writes', async () => {
  vi.stubGlobal('navigator', {});
  const text = storedText(() => openOpfsStore('kernels'), 'a');
  await expect(text.read()).rejects.toThrow(DataError);
  await expect(text.write('x')).rejects.toThrow(DataError);
});

test('an entry is let go when there is no room for the text', async () => {
  const store = new MemoryStore();
  const close = vi.fn<() => Promise<void>>(async () => {});
  vi.spyOn(store, 'append').mockResolvedValue({ write: () => Promise.reject(new Error('full')), close });
  await expect(storedText(async () => store, 'a').write('x')).rejects.toThrow('full');
  expect(close).toHaveBeenCalledOnce();
});
