import { encodeText } from '../../text/encode.ts';

/** A text as typed, in UTF-8; `\xE9` stands for that one byte, so that any byte can be typed. */
export function promptBytes(typed: string): Uint8Array<ArrayBuffer> {
  const parts = typed
    .split(/\\x([0-9a-f]{2})/i)
    .map((part, at) => (at % 2 === 0 ? encodeText(part) : Uint8Array.of(parseInt(part, 16))));
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
