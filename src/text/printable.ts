/** One character for each byte, as the reference's sampling script prints them: bytes below 32 as a space, others as
 * the code point of the same number. */
export function printable(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(Math.max(byte, 32));
  return text;
}
