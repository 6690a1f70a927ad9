import type { CorpusInfo } from '../../protocol/events.ts';
import { exact, percent } from '../format/quantity.ts';

/** Bits per byte from which on bytes are as good as random: text of any language is far below, and so are programs. */
const NEARLY_RANDOM = 7.8;
/** Share of bytes that are 0 from which on a text may have two bytes for each letter. */
const MANY_ZEROS = 0.2;

/** What is unusual about the bytes of a text, where figures of a run on it would mislead. */
export function OddTextNote({ corpus }: { corpus: CorpusInfo }) {
  const why = oddity(corpus);
  return why === null ? null : (
    <p className="message" data-severity="warning" role="note">
      {why}
    </p>
  );
}

function oddity({ order0Bits, gzipBits, bytes, zeroBytes = 0 }: CorpusInfo): string | null {
  // What a video or an archive holds has been compressed already, and no model gets below that.
  if (Math.min(order0Bits, gzipBits ?? order0Bits) >= NEARLY_RANDOM)
    return 'This looks compressed or encrypted, not like text: there is little to learn from it.';
  if (zeroBytes === 0) return null;
  const share = zeroBytes / bytes;
  const many = `${share < 0.01 ? exact(zeroBytes) : percent(share)} of its bytes are 0.`;
  const leftOut =
    'The next-byte loss leaves them out, unless Ignored byte is none; byte frequencies and gzip count them.';
  return share < MANY_ZEROS ? `${many} ${leftOut}` : `${many} ${leftOut} If this is UTF-16, save it as UTF-8.`;
}
