import { expect, test } from 'vitest';
import { byteLabel } from '../../src/text/byte-label.ts';
import { encodeText } from '../../src/text/encode.ts';

test('every byte has a visible label of its own', () => {
  const labels = Array.from({ length: 256 }, (_, byte) => byteLabel(byte));
  expect(new Set(labels).size).toBe(256);
  expect(labels.join('')).not.toMatch(/[\s\p{Cc}]/u);
  expect([0, 9, 10, 32, 65, 127, 233].map(byteLabel)).toEqual(['␀', '␉', '␊', '␠', 'A', '␡', '\\xE9']);
});

test('encodeText gives the UTF-8 bytes of a prompt', () => {
  expect([...encodeText('aé€')]).toEqual([0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac]);
});
