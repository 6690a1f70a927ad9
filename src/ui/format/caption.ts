/** Bits per byte below which a model of English has learned something, coarsest first. */
const STAGES: readonly { below: number; text: string }[] = [
  { below: 2.2, text: 'phrases hold together' },
  { below: 2.9, text: 'words form' },
  { below: 4.3, text: 'letter pairs and short endings' },
  { below: 5.8, text: 'which letters are common' },
];

/** A model that guesses costs 8 bits; one that has just been drawn a little more. */
const WORSE_THAN_GUESSING = 10;

/** What a model of that loss can do, in words. */
export function caption(bitsPerByte: number): string {
  if (!Number.isFinite(bitsPerByte)) return '';
  if (bitsPerByte > WORSE_THAN_GUESSING) return 'worse than guessing: the learning rate may be too large';
  return STAGES.find(({ below }) => bitsPerByte < below)?.text ?? 'little more than guessing';
}
