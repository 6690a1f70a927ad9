import type { CorpusInfo } from '../../protocol/events.ts';

/** Whether two texts are the same, byte for byte, and called the same. */
export function isSameText(a: CorpusInfo, b: CorpusInfo): boolean {
  return a.dataset === b.dataset && a.name === b.name && a.sha256 === b.sha256;
}
