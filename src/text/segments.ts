import { byteLabel } from './byte-label.ts';
import { utf8SequenceLength } from './utf8.ts';

/**
 * A run of bytes [start, end) and what to show for it. `text`: readable characters, as they are; `control`: one
 * character that has no shape of its own or would disturb its surroundings, shown by a label; `invalid`: one byte that
 * belongs to no UTF-8 character, shown by a label.
 */
export interface TextSegment {
  readonly kind: 'text' | 'control' | 'invalid';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

// C1 controls, line and paragraph separators, the byte order mark, and the marks that reorder what surrounds them.
const UNSHOWABLE = /^[\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]$/u;

/** Cuts bytes of any kind into segments that together cover every byte once, in order. To be shown as text nodes. */
export function textSegments(bytes: Uint8Array): TextSegment[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const segments: TextSegment[] = [];
  let textStart = 0;
  const endText = (end: number) => {
    if (end === textStart) return;
    segments.push({ kind: 'text', text: decoder.decode(bytes.subarray(textStart, end)), start: textStart, end });
  };
  let position = 0;
  while (position < bytes.length) {
    const length = utf8SequenceLength(bytes, position);
    const end = position + Math.max(length, 1);
    const label = labelOf(bytes, position, length, decoder);
    if (label !== null) {
      endText(position);
      segments.push({ kind: length === 0 ? 'invalid' : 'control', text: label, start: position, end });
      textStart = end;
    }
    position = end;
  }
  endText(bytes.length);
  return segments;
}

/** The label in place of the character of `length` bytes at `position`, or null when the character shows itself. */
function labelOf(bytes: Uint8Array, position: number, length: number, decoder: TextDecoder): string | null {
  const first = bytes[position];
  if (length === 0 || first < 0x20 || first === 0x7f) return byteLabel(first);
  if (length === 1) return null;
  const character = decoder.decode(bytes.subarray(position, position + length));
  if (!UNSHOWABLE.test(character)) return null;
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
