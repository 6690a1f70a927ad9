import type { CorpusInfo } from '../../protocol/events.ts';

/** Whether two texts are known to be the same, byte for byte, and are called the same. */
export function isSameText(a: CorpusInfo, b: CorpusInfo): boolean {
  if (a === b) return true;
  // Without a digest, two files of one name may be any.
  const isKnown = a.sha256 !== null || a.dataset !== 'own';
  return isKnown && a.dataset === b.dataset && a.name === b.name && a.sha256 === b.sha256;
}
