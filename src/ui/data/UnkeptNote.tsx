import type { CorpusInfo } from '../../protocol/events.ts';

/** Why a text that was downloaded has to be downloaded again; nothing where it is kept. */
export function UnkeptNote({ unkept }: Pick<CorpusInfo, 'unkept'>) {
  if (unkept === undefined) return null;
  return <p className="explanation">Not kept, so your next visit downloads it again ({unkept}).</p>;
}
