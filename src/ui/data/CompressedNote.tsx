import type { CorpusInfo } from '../../protocol/events.ts';

/** Bits per byte from which on bytes are as good as random: text of any language is far below, and so are programs. */
const NEARLY_RANDOM = 7.8;

/** That a text is no text: what a video or an archive holds has been compressed already, and no model gets below that. */
export function CompressedNote({ corpus: { order0Bits, gzipBits } }: { corpus: CorpusInfo }) {
  if (Math.min(order0Bits, gzipBits ?? order0Bits) < NEARLY_RANDOM) return null;
  return (
    <p className="message" data-severity="warning" role="note">
      This looks compressed or encrypted, not like text: there is little to learn from it.
    </p>
  );
}
