/** The UTF-8 bytes of a text: what the model sees of a prompt. Unpaired surrogates become U+FFFD. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
