import type { Passage } from '../state/loss-reader.ts';

/**
 * As much of a written text as one context takes, with the byte at `at` in it: from its beginning if that reaches, else
 * what stands before the byte, which is what the model saw when it wrote it.
 */
export function cutAround(text: Uint8Array, at: number, contextLength: number): Passage {
  const start = at < contextLength ? 0 : characterStart(text, at + 1 - contextLength, at);
  return { source: 'written', text: text.slice(start, start + contextLength), start };
}

/** The text of bytes, without a character that is cut short at their end; null when they are not UTF-8. */
export function utf8Text(bytes: Uint8Array): string | null {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let end = bytes.length; end >= 0 && end > bytes.length - 4; end--) {
    try {
      return decoder.decode(bytes.subarray(0, end));
    } catch {
      // Without its last byte it may be text.
    }
  }
  return null;
}

/** The first place from `from` on, but not after `to`, that is no continuation byte. */
function characterStart(text: Uint8Array, from: number, to: number): number {
  let start = from;
  while (start < to && start < from + 3 && (text[start] & 0xc0) === 0x80) start++;
  return start;
}
