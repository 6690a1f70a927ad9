import type { CorpusInfo } from '../../protocol/events.ts';

/** Whether two texts are the same, as far as what is known of them tells. */
export function isSameText(a: CorpusInfo, b: CorpusInfo): boolean {
  return a.dataset === b.dataset && a.name === b.name && a.bytes === b.bytes && a.order0Bits === b.order0Bits;
}
