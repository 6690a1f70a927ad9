import { formatPosition, parsePosition } from '../attention/position.ts';
import { useSession } from '../session.ts';
import type { Passage } from '../state/loss-reader.ts';
import { formatHash, openTab } from '../state/view.ts';
import { utf8Text } from './cut.ts';

/** Goes to the Attention tab with the same passage and this byte as the query. */
export function AttentionLink({ passage, at }: { passage: Passage; at: number }) {
  const { view, inspector, embedded } = useSession();
  // There would be no way back.
  if (embedded) return null;
  const text = utf8Text(passage.text);
  if (text === null) return <p className="hint">Attention can be looked at only where all bytes are UTF-8.</p>;
  const detail = formatPosition({ ...parsePosition(view.getState().details.attn), query: at, step: null });
  return (
    <a
      className="odds-link"
      href={formatHash({ tab: 'attn', detail })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        inspector.setPassage(text);
        openTab(view, 'attn', detail);
      }}
    >
      Attention at this byte
    </a>
  );
}
