import { percent } from '../format/quantity.ts';
import type { Inspection } from '../../protocol/inspection.ts';
import { spokenByte } from '../text/byte-name.ts';
import type { Position } from './position.ts';

interface QueryLineProps {
  inspection: Inspection;
  query: number;
  locked: boolean;
  onGo(change: Partial<Position>): void;
}

/** How many of the model's candidates fit on the line. */
const SHOWN = 3;

/** The query byte, what comes after it, and what the model thought would. */
export function QueryLine({ inspection, query, locked, onGo }: QueryLineProps) {
  const { text, bits, candidates } = inspection;
  const next = query + 1;
  const { count } = candidates;
  const guesses = Array.from({ length: Math.min(SHOWN, count) }, (_, at) => query * count + at);
  return (
    <div className="query-line">
      <span className="query-steps">
        <button
          type="button"
          className="button quiet icon-only small"
          aria-label="Byte before"
          aria-keyshortcuts="ArrowLeft"
          disabled={query === 0}
          onClick={() => onGo({ query: query - 1 })}
        >
          ←
        </button>
        <button
          type="button"
          className="button quiet icon-only small"
          aria-label="Byte after"
          aria-keyshortcuts="ArrowRight"
          disabled={next >= text.length}
          onClick={() => onGo({ query: next })}
        >
          →
        </button>
      </span>
      <span>
        Query byte <strong>{query}</strong> <code>{spokenByte(text[query])}</code>
      </span>
      {next < text.length && (
        <span>
          then <code>{spokenByte(text[next])}</code>, <strong>{bits[next].toFixed(2)}</strong> bits
        </span>
      )}
      <span className="guesses">
        the model expects{' '}
        {guesses.map((at) => (
          <span key={at}>
            <code>{spokenByte(candidates.bytes[at])}</code> {percent(candidates.probabilities[at])}
          </span>
        ))}
      </span>
      <button
        type="button"
        className="button small"
        aria-pressed={locked}
        title={
          locked ? 'Let the query follow the pointer again (Escape)' : 'Keep this query while the pointer moves (click)'
        }
        onClick={() => onGo({ query: locked ? null : query })}
      >
        {locked ? 'Release' : 'Lock'}
      </button>
    </div>
  );
}
