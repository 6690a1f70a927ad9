import { syntheticNames } from '../../config/synthetic.ts';
import type { SyntheticFacts, SyntheticId } from '../../config/synthetic.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { encodeText } from '../../text/encode.ts';
import { makeCorpus } from '../corpus.ts';
import type { Corpus } from '../corpus.ts';
import { Draws } from './draws.ts';
import { rules } from './rules.ts';

interface Synthetic extends SyntheticFacts {
  corpus: Corpus;
}

const LEAST_BYTES = 2_000_000;
const PASSAGE_BYTES = 256;

/** The text of a rule, the same at each call: whole lines, of 2 MB together. */
export function makeSynthetic(id: SyntheticId): Synthetic {
  const { line, given } = rules[id];
  const draws = new Draws(new RandomStream(0, `text of ${id}`));
  const lines: string[] = [];
  for (let bytes = 0; bytes < LEAST_BYTES; bytes += lines.at(-1)!.length) lines.push(`${line(draws)}\n`);
  const text = lines.join('');
  const corpus = makeCorpus(syntheticNames[id], encodeText(text));
  const { validation } = corpus;
  const start = text.indexOf('\n', validation.start) + 1;
  const end = text.lastIndexOf('\n', start + PASSAGE_BYTES - 1) + 1;
  return {
    corpus,
    floorBits: draws.bits / text.length,
    passage: text.slice(start, end),
    prompt: text.slice(start, start + given),
  };
}
