import type { ByteStore } from './byte-store.ts';
import { makeCorpus, splitEnwik8 } from './corpus.ts';
import type { Corpus } from './corpus.ts';
import { downloadText, loadKeptText } from './download-text.ts';
import type { DownloadOptions } from './download-text.ts';
import { ENWIK8 } from './enwik8.ts';

/** Full enwik8 under the reference's protocol, from the store or else from its URL; see downloadText. */
export async function downloadEnwik8(
  options: DownloadOptions,
  source = ENWIK8,
): Promise<{ corpus: Corpus; kept: boolean; notice: string | null }> {
  const { bytes, kept, notice } = await downloadText(source, options);
  return { corpus: makeCorpus(source.name, bytes, splitEnwik8), kept, notice };
}

/** Full enwik8 if it was downloaded before, else null. Needs no network. */
export async function loadKeptEnwik8(store: ByteStore, source = ENWIK8): Promise<Corpus | null> {
  const bytes = await loadKeptText(source, store);
  return bytes && makeCorpus(source.name, bytes, splitEnwik8);
}
