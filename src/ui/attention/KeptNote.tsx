import { memo } from 'react';
import { percent } from '../format/quantity.ts';
import { hueOf } from '../hue.ts';
import type { Capture } from '../state/inspection.ts';
import { keptCsv, keptMissing, keptOf, keptText } from './kept.ts';
import { signedPercent } from './read-out.ts';
import { saveText } from './save-text.ts';

interface KeptNoteProps {
  capture: Capture;
  /** The capture to compare with; null without one. */
  before: Capture | null;
}

/** What the rows of kept bytes are, with how much is kept, for who cannot see them too; or why there are none. */
export const KeptNote = memo(function KeptNote({ capture, before }: KeptNoteProps) {
  const { inspection, step } = capture;
  const rows = keptOf(inspection);
  const earlier = before === null ? [] : keptOf(before.inspection);
  if (rows.length === 0) {
    const missing = keptMissing(inspection);
    return missing === null ? null : <p className="kept-note">{missing}</p>;
  }
  return (
    <div className="kept-note">
      <p>
        {rows.map(({ geometry: { factor }, share }, at) => {
          const old = earlier.find(({ geometry }) => geometry.factor === factor);
          return (
            <span key={factor} style={{ '--hue': hueOf(factor) }}>
              {at > 0 && ', '}
              <span className="row-factor">{factor}×</span> keeps <strong>{percent(share)}</strong>
              {old !== undefined && ` (${signedPercent(share - old.share)} points since A)`}
            </span>
          );
        })}{' '}
        of the bytes. Kept is what a reconstruction head reads back from tokens that lie side by side; faint letters are
        unsure, those on a <span className="key-wave">wave</span> wrong.
      </p>
      {rows.map((row) => (
        <p key={row.geometry.factor} className="visually-hidden">
          {row.geometry.factor}× reads back {keptText(row)}
        </p>
      ))}
      <button
        type="button"
        className="button quiet small"
        onClick={() => saveText(`kept-bytes-step${step}.csv`, keptCsv(inspection.text, rows))}
      >
        Kept bytes as CSV
      </button>
    </div>
  );
});
