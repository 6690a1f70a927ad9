import { makeCorpus } from './corpus.ts';
import type { Corpus } from './corpus.ts';
import { DataError } from './data-error.ts';

/** How the embedded text is called; it comes with the page, so it needs no network. */
export const EMBEDDED_NAME = 'Moby Dick';

/** The embedded text from a loader, or from the URL that the page's build gave it. */
export async function loadEmbeddedCorpus(source: string | URL | (() => Promise<Uint8Array>)): Promise<Corpus> {
  const load = typeof source === 'function' ? source : () => fetchBytes(source);
  return makeCorpus(EMBEDDED_NAME, await load());
}

async function fetchBytes(url: string | URL): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new DataError(
      'http',
      `text "${EMBEDDED_NAME}": given ${response.status} for ${url}, needs the page's own file`,
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}
