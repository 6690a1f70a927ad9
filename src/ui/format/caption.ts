import type { CorpusInfo } from '../../protocol/events.ts';

/** Bits per byte below which a model of English has learned something, coarsest first. */
const STAGES: readonly { below: number; text: string }[] = [
  { below: 2.2, text: 'phrases hold together' },
  { below: 2.9, text: 'words form' },
  { below: 4.3, text: 'letter pairs and short endings' },
  { below: 5.8, text: 'which letters are common' },
];

/** A model that guesses costs 8 bits; one that has just been drawn a little more. */
const WORSE_THAN_GUESSING = 10;

type Lines = Pick<CorpusInfo, 'dataset' | 'order0Bits' | 'gzipBits' | 'synthetic'>;

/**
 * What a model of that loss can do, in words. Of a text that a rule made, how far it is from the best possible; of a visitor's
 * own, which may be anything, only which of the lines beside its curve it is below.
 */
export function caption(bitsPerByte: number, text: Lines | null): string {
  if (!Number.isFinite(bitsPerByte)) return '';
  if (bitsPerByte > WORSE_THAN_GUESSING) return 'worse than guessing: the learning rate may be too large';
  // A few bytes may happen to cost less than all do on average.
  if (text?.synthetic)
    return `${Math.max(0, bitsPerByte - text.synthetic.floorBits).toFixed(2)} above the best possible`;
  if (text?.dataset === 'own') return amongLines(bitsPerByte, text);
  return STAGES.find(({ below }) => bitsPerByte < below)?.text ?? 'little more than guessing';
}

function amongLines(bitsPerByte: number, { order0Bits, gzipBits }: Lines): string {
  const below = [
    ...(gzipBits !== null && bitsPerByte < gzipBits ? ['gzip'] : []),
    ...(bitsPerByte < order0Bits ? ['byte frequencies'] : []),
  ];
  return below.length === 0 ? 'not yet below byte frequencies' : `below ${below.join(' and ')}`;
}
