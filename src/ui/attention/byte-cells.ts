import { textSegments } from '../../text/segments.ts';
import { namedLabel } from '../text/byte-name.ts';
import type { ByteSpan } from './lane-bins.ts';

/** One character over the bytes that it is made of, or the label of a byte that is none. */
export interface ByteCell extends ByteSpan {
  label: string;
  kind: 'text' | 'control' | 'invalid';
}

/** A passage as characters above a byte axis; every byte is in one cell. */
export function byteCells(bytes: Uint8Array): ByteCell[] {
  const encoder = new TextEncoder();
  return textSegments(bytes).flatMap(({ kind, text, start, end }): ByteCell[] => {
    if (kind === 'invalid') return [{ kind, label: text.replace('\\x', ''), start, end: end - 1 }];
    if (kind === 'control') return [{ kind, label: namedLabel(text), start, end: end - 1 }];
    let at = start;
    return Array.from(text, (label) => {
      const from = at;
      at += encoder.encode(label).length;
      return { kind, label, start: from, end: at - 1 };
    });
  });
}
