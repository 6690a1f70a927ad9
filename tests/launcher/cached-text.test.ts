import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cachedText } from '../../src/launcher/cached-text.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strata-cached-text-'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'home'));
  // The folder to fall back to.
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

test('a text is there for who reads it later, and replaced as a whole', async () => {
  expect(await cachedText('a.json').read()).toBeNull();
  await cachedText('a.json').write('a long text: äöü');
  expect(await cachedText('a.json').read()).toBe('a long text: äöü');
  await cachedText('a.json').write('short');
  expect(await cachedText('a.json').read()).toBe('short');
  expect(await readdir(join(folder, 'home', 'strata'))).toEqual(['a.json']);
});

test('who reads while two write finds one of their texts, whole', async () => {
  const texts = ['a', 'b'].map((letter) => letter.repeat(2 ** 20));
  await cachedText('a.json').write(texts[0]);
  const writers = texts.map(async (text) => {
    for (let i = 0; i < 10; i++) await cachedText('a.json').write(text);
  });
  for (let i = 0; i < 40; i++) expect(texts.includes((await cachedText('a.json').read()) ?? '')).toBe(true);
  await Promise.all(writers);
  expect(await readdir(join(folder, 'home', 'strata'))).toEqual(['a.json']);
});

test('a home that cannot be written is done without', async () => {
  await writeFile(join(folder, 'home'), 'not a folder');
  await cachedText('a.json').write('text');
  expect(await cachedText('a.json').read()).toBe('text');
});

test('a writer is told when there is no room anywhere, and a reader finds nothing', async () => {
  await writeFile(join(folder, 'home'), 'not a folder');
  vi.stubEnv('TMPDIR', join(folder, 'home'));
  await expect(cachedText('a.json').write('text')).rejects.toThrow('cache: a.json could not be written');
  expect(await cachedText('a.json').read()).toBeNull();
});
