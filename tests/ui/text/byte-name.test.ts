import { expect, test } from 'vitest';
import { textSegments } from '../../../src/text/segments.ts';
import { byteName, namedLabel, spokenByte } from '../../../src/ui/text/byte-name.ts';

test('control characters have names that any font can show', () => {
  expect([0, 9, 10, 13, 27, 31, 32, 127].map(byteName)).toEqual(['NUL', '⇥', '↵', 'CR', 'ESC', 'US', '␣', 'DEL']);
  expect([65, 0x80, 0xe9].map(byteName)).toEqual(['A', '\\x80', '\\xE9']);
});

test('they are the same for a byte alone and within a text', () => {
  for (let byte = 0; byte < 128; byte++) {
    const [{ kind, text }] = textSegments(Uint8Array.of(byte));
    if (kind === 'control') expect(namedLabel(text)).toBe(byteName(byte));
  }
  expect(namedLabel('U+200E')).toBe('U+200E');
});

test('white space is spoken by name and characters in quotes', () => {
  expect([9, 10, 32, 101, 0, 0xff].map(spokenByte)).toEqual(['tab', 'line feed', 'space', "'e'", 'NUL', '\\xFF']);
});
