import type { CorpusInfo } from '../../protocol/events.ts';

/** A part of the text, bytes [start, end). */
export interface SplitPart {
  name: 'train' | 'validation' | 'test';
  start: number;
  end: number;
}

/** The parts in the order in which they lie in the text. */
export function splitParts({
  bytes,
  trainBytes,
  validationBytes,
}: Pick<CorpusInfo, 'bytes' | 'trainBytes' | 'validationBytes'>): SplitPart[] {
  const validationEnd = trainBytes + validationBytes;
  return [
    { name: 'train', start: 0, end: trainBytes },
    { name: 'validation', start: trainBytes, end: validationEnd },
    { name: 'test', start: validationEnd, end: bytes },
  ];
}
