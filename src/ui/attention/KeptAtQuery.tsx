import { hueOf } from '../hue.ts';
import { keptAtByte } from './kept.ts';
import type { Kept } from './kept.ts';

interface KeptAtQueryProps {
  text: Uint8Array;
  rows: readonly Kept[];
  query: number;
}

/** What coarse tokens keep of the query byte, with probabilities. */
export function KeptAtQuery({ text, rows, query }: KeptAtQueryProps) {
  if (rows.length === 0) return null;
  return (
    <p className="kept-at-query">
      <span>Of byte {query}</span>
      {rows.map((row) => (
        <span key={row.geometry.factor} style={{ '--hue': hueOf(row.geometry.factor) }}>
          <span className="row-factor">{row.geometry.factor}×</span> {keptAtByte(text, row, query)}
        </span>
      ))}
    </p>
  );
}
