import { formatBytes } from '../text/format-bytes.ts';
import { makeCorpus } from './corpus.ts';
import type { Corpus } from './corpus.ts';
import { DataError } from './data-error.ts';
import { sha256 } from './sha256.ts';

/** The embedded text, which comes with the page, so that it needs no other server. */
export const EMBEDDED = {
  name: 'Moby Dick',
  bytes: 1_204_997,
  sha256: 'fe282a57094ed62e7144fb7c804a9748fc1c909bf3b49d06e7276015f9f67240',
} as const;

/**
 * The embedded text from a loader, or from the URL that the page's build gave it. Throws a DataError where it cannot be had, and
 * for any other bytes: some servers answer what they do not have with a page of their own.
 */
export async function loadEmbeddedCorpus(source: string | URL | (() => Promise<Uint8Array>)): Promise<Corpus> {
  const bytes = await (typeof source === 'function' ? source() : fetchBytes(source));
  if (!(await isEmbedded(bytes))) {
    throw new DataError(
      'checksum',
      `text "${EMBEDDED.name}": given ${formatBytes(bytes.length)} that are another text, needs the ` +
        `${formatBytes(EMBEDDED.bytes)} that come with the page`,
    );
  }
  return makeCorpus(EMBEDDED.name, bytes);
}

/** An insecure page, where nothing can be trained, can compare lengths only. */
async function isEmbedded(bytes: Uint8Array): Promise<boolean> {
  if (bytes.length !== EMBEDDED.bytes) return false;
  const digest = await sha256(bytes as Uint8Array<ArrayBuffer>).catch(() => null);
  return digest === null || digest === EMBEDDED.sha256;
}

async function fetchBytes(url: string | URL): Promise<Uint8Array> {
  const needs = `for ${url}, needs the page's own file`;
  const response = await fetch(url).catch((cause: Error) => {
    throw new DataError('network', `text "${EMBEDDED.name}": given no answer (${cause.message}) ${needs}`, { cause });
  });
  if (!response.ok) throw new DataError('http', `text "${EMBEDDED.name}": given ${response.status} ${needs}`);
  return new Uint8Array(await response.arrayBuffer());
}
