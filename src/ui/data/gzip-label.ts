import type { CorpusInfo } from '../../protocol/events.ts';
import { bytes } from '../format/quantity.ts';

/** What the size under gzip is of: of a long text its beginning. */
export function gzipLabel({ gzipBytes }: Pick<CorpusInfo, 'gzipBytes'>): string {
  return gzipBytes === undefined ? 'gzip' : `gzip of the first ${bytes(gzipBytes)}`;
}
