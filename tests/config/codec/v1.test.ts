import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { encodeQuery } from '../../../src/config/codec/encode.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('schema 1', () => {
  // Old links count from these presets. Other defaults belong into a new schema with a migration from this one.
  test('has the presets it was published with', () => {
    const source = read('../../../src/config/codec/v1.ts');
    expect(createHash('sha256').update(source).digest('hex')).toBe(
      'f024f58e9085ce77bc1172ed7b99002e2d0aedc96fe68f225b5c2dd91cb501c2',
    );
  });

  /** Lines of a link, the preset it names and its configuration as JSON, parted by tabs. */
  const links = read('../fixtures/links.v1.txt')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));

  test.each(links)('reads %s as it always has', (query, preset, json) => {
    expect(decodeQuery(query)).toEqual({
      config: JSON.parse(json),
      preset,
      problems: [],
      ignored: [],
      newerVersion: false,
    });
  });

  test.each(links)('writes %s so that it reads the same', (query) => {
    const { config, preset } = decodeQuery(query);
    expect(decodeQuery(encodeQuery(config, preset))).toMatchObject({ config, preset });
  });
});
