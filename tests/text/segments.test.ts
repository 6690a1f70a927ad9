import { describe, expect, test } from 'vitest';
import { encodeText } from '../../src/text/encode.ts';
import { textSegments } from '../../src/text/segments.ts';

describe('textSegments', () => {
  test('keeps readable text whole and gives control characters a visible label', () => {
    expect(textSegments(encodeText('ab é\n\tc'))).toEqual([
      { kind: 'text', text: 'ab é', start: 0, end: 5 },
      { kind: 'control', text: '␊', start: 5, end: 6 },
      { kind: 'control', text: '␉', start: 6, end: 7 },
      { kind: 'text', text: 'c', start: 7, end: 8 },
    ]);
  });

  test('labels each byte of invalid UTF-8 by its value', () => {
    expect(textSegments(new Uint8Array([0x61, 0xff, 0x62]))).toEqual([
      { kind: 'text', text: 'a', start: 0, end: 1 },
      { kind: 'invalid', text: '\\xFF', start: 1, end: 2 },
      { kind: 'text', text: 'b', start: 2, end: 3 },
    ]);
  });

  test('labels characters that would reorder or break the text around them', () => {
    const reversing = '\u202e';
    expect(textSegments(encodeText(`a${reversing}b`))[1]).toEqual({
      kind: 'control',
      text: 'U+202E',
      start: 1,
      end: 4,
    });
    expect(visibleText(encodeText('\ufeffa\u0085'))).toBe('U+FEFFaU+0085');
  });

  test('covers every byte once, in order, and agrees with the platform on what is valid UTF-8', () => {
    let state = 1;
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    for (let trial = 0; trial < 300; trial++) {
      const bytes = new Uint8Array(64);
      for (let i = 0; i < bytes.length; i++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        // Half of the bytes are drawn where the rules of UTF-8 change.
        const edges = [0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5];
        bytes[i] = state & 0x80000000 ? state >>> 16 : edges[(state >>> 8) % edges.length];
      }
      let position = 0;
      for (const segment of textSegments(bytes)) {
        expect(segment.start).toBe(position);
        position = segment.end;
        const part = bytes.subarray(segment.start, segment.end);
        if (segment.kind === 'text') expect(strict.decode(part)).toBe(segment.text);
        if (segment.kind !== 'invalid') continue;
        expect(part.length).toBe(1);
        const candidates = [1, 2, 3, 4].map((length) => bytes.subarray(segment.start, segment.start + length));
        expect(candidates.some((candidate) => isValidUtf8(strict, candidate))).toBe(false);
      }
      expect(position).toBe(bytes.length);
    }
  });

  test('has nothing to show for no bytes', () => {
    expect(textSegments(new Uint8Array(0))).toEqual([]);
  });

  test('leaves no control character, whatever the bytes', () => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(visibleText(everyByte)).not.toMatch(/\p{Cc}/u);
  });
});

/** All segments of bytes joined. */
function visibleText(bytes: Uint8Array): string {
  return textSegments(bytes)
    .map(({ text }) => text)
    .join('');
}

function isValidUtf8(strict: TextDecoder, bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
