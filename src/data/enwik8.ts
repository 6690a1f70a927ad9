import { sha256 } from './sha256.ts';
import type { TextSource } from './text-source.ts';

/** The first 10^8 bytes of the English Wikipedia of March 2006, from the reference's own repository (36 MB packed). */
export const ENWIK8: TextSource = {
  name: 'enwik8',
  url: 'https://raw.githubusercontent.com/lucidrains/simple-hierarchical-transformer/main/data/enwik8.gz',
  headBytes: 5_011_805,
  headSha256: 'ad96b0dc478f9a559bba3d04c7c46fd852675dcea69d4a5c90f10ee15f3faafc',
  minBytes: 95_000_000,
  expectedBytes: 100_000_000,
};

/** Whether a text is enwik8, long enough for the reference's protocol, wherever it came from. */
export async function isEnwik8(bytes: Uint8Array, source = ENWIK8): Promise<boolean> {
  if (bytes.length < source.minBytes) return false;
  const head = bytes.subarray(0, source.headBytes) as Uint8Array<ArrayBuffer>;
  return (await sha256(head)) === source.headSha256;
}
