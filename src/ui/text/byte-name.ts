import { byteLabel } from '../../text/byte-label.ts';

/** Control characters by their names in ASCII: few fonts have the pictures that Unicode has for them. */
const CONTROLS =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS ⇥ ↵ VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );
const SPACE = 0x20;
const DELETE = 0x7f;
const SPOKEN: Record<number, string> = { 9: 'tab', 10: 'line feed', 32: 'space' };
const PICTURES = 0x2400;
const DELETE_PICTURE = '␡';

/** A visible label for one byte, another for each: `e`, `␣`, `↵`, `NUL`, `\xE9`. */
export function byteName(byte: number): string {
  if (byte === SPACE) return '␣';
  if (byte === DELETE) return 'DEL';
  return CONTROLS[byte] ?? byteLabel(byte);
}

/** A byte as one would say it: `'e'`, `space`, `NUL`, `\xE9`. */
export function spokenByte(byte: number): string {
  return SPOKEN[byte] ?? (byte > SPACE && byte < DELETE ? `'${byteLabel(byte)}'` : byteName(byte));
}

/** The label of a text segment with the picture of a control character replaced by its name. */
export function namedLabel(label: string): string {
  return label === DELETE_PICTURE ? byteName(DELETE) : (CONTROLS[label.charCodeAt(0) - PICTURES] ?? label);
}
