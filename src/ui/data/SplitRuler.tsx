import type { CorpusInfo } from '../../protocol/events.ts';
import { bytes, exact } from '../format/quantity.ts';
import { splitParts } from './split-parts.ts';

/** The text to scale, from its first byte to its last: what is trained on, validated on, and kept for a last measurement. */
export function SplitRuler({ corpus }: { corpus: CorpusInfo }) {
  const parts = splitParts(corpus);
  return (
    <div
      className="split"
      role="img"
      aria-label={parts.map(({ name, start, end }) => `${name} ${bytes(end - start)}`).join(', ')}
    >
      {parts.map(({ name, start, end }) => (
        <span
          key={name}
          className={`split-${name}`}
          style={{ flexGrow: end - start }}
          title={`${name}: ${exact(end - start)} bytes`}
        >
          {(end - start) / corpus.bytes > 0.2 ? `${name} ${bytes(end - start)}` : ''}
        </span>
      ))}
    </div>
  );
}
