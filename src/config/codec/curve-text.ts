import { MOST_CURVE_BYTES, packCurve, unpackCurve } from './curve-bytes.ts';
import type { RunCurve } from './curve-bytes.ts';

/** Deflate adds a few bytes to what cannot be made smaller; base64 makes four characters of three bytes. */
const TEXT = /^[\w-]{1,1200}$/;

/** A curve as the value of `r` in a link: base64url of deflated bytes, about 0.6 kB. */
export async function encodeCurve(curve: RunCurve): Promise<string> {
  const packed = await collect(new CompressionStream('deflate-raw'), packCurve(curve), Infinity);
  const text = btoa(String.fromCharCode(...packed));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Reads the value of `r`, of any origin: a curve, or why it is none. Never throws, and never unpacks more than a curve. */
export async function decodeCurve(text: string): Promise<RunCurve | string> {
  if (!TEXT.test(text)) return 'is no curve';
  try {
    const packed = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
    return unpackCurve(await collect(new DecompressionStream('deflate-raw'), bytes, MOST_CURVE_BYTES));
  } catch {
    return 'cannot be unpacked';
  }
}

/** All that comes out of a transformation of `bytes`; throws past `most` bytes of it. */
async function collect(
  transform: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      // A bomb is not unpacked any further.
      await reader.cancel();
      throw new RangeError(`curve: given more than ${most} bytes`);
    }
    chunks.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
