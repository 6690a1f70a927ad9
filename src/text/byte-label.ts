const CONTROL_PICTURES = 0x2400;
const SPACE_PICTURE = '␠';
const DELETE_PICTURE = '␡';

/** One visible label for one byte: the ASCII character, a control picture (`␊`, `␠`), or `\xE9` from 128 on. */
export function byteLabel(byte: number): string {
  if (byte < 0x20) return String.fromCharCode(CONTROL_PICTURES + byte);
  if (byte === 0x20) return SPACE_PICTURE;
  if (byte < 0x7f) return String.fromCharCode(byte);
  if (byte === 0x7f) return DELETE_PICTURE;
  return `\\x${byte.toString(16).toUpperCase()}`;
}
