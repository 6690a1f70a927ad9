import { expect, test } from 'vitest';
import { fnv1a64 } from '../../src/random/hash.ts';

test.each([
  ['', 0xcbf29ce484222325n],
  ['a', 0xaf63dc4c8601ec8cn],
  ['foobar', 0x85944171f73967e8n],
])('fnv1a64(%j) is the published value', (text, expected) => {
  expect(fnv1a64(text)).toBe(expected);
});
