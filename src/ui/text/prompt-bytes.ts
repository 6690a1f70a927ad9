import { encodeText } from '../../text/encode.ts';

/** A text as typed, in UTF-8; `\xE9` stands for that one byte, so that any byte can be typed. */
export function promptBytes(typed: string): Uint8Array<ArrayBuffer> {
  const parts = typed.split(/\\x([0-9a-f]{2})/i);
  return Uint8Array.from(parts.flatMap((part, at) => (at % 2 === 0 ? [...encodeText(part)] : [parseInt(part, 16)])));
}
