import { memo } from 'react';
import { hueOf } from '../hue.ts';
import { CellLabel } from './CellLabel.tsx';
import { keptCells, keptTokens } from './kept.ts';
import type { Kept } from './kept.ts';
import { letterSize, wavePath } from './stage-layout.ts';
import type { StageLayout } from './stage-layout.ts';

interface KeptRowsProps {
  text: Uint8Array;
  rows: readonly Kept[];
  layout: StageLayout;
  /** Pixels of a byte. */
  width: number;
}

/** How much of a letter's colour is left where it is no likelier than any other. */
const FAINTEST = 0.35;

/** Below the passage, what the tokens of each coarse hierarchy say it is: faint where unsure, on a wave where wrong. */
export const KeptRows = memo(function KeptRows({ text, rows, layout, width }: KeptRowsProps) {
  const fontSize = letterSize(width);
  return rows.map((row, at) => {
    const { factor } = row.geometry;
    const top = layout.keptTop(at);
    const base = top + layout.keptHeight - 2;
    return (
      <g key={factor} className="kept-row" data-factor={factor} style={{ '--hue': hueOf(factor) }} fontSize={fontSize}>
        {keptTokens(row).map(({ token, start, end }) => (
          <rect
            key={token}
            className="kept-token"
            data-token={token}
            x={start * width}
            y={top}
            width={Math.max(1, (end - start + 1) * width - 1)}
            height={layout.keptHeight}
          />
        ))}
        {keptCells(text, row.reconstruction).map(({ start, end, label, kind, right, probability }) => (
          <g key={start} data-byte={start} data-right={right}>
            <g opacity={FAINTEST + (1 - FAINTEST) * probability}>
              <CellLabel
                label={label}
                plain={kind === 'text'}
                x={((start + end + 1) / 2) * width}
                y={top + (layout.keptHeight - 3) / 2}
                width={(end - start + 1) * width}
                height={layout.keptHeight - 3}
                fontSize={fontSize}
              />
            </g>
            {!right && <path className="kept-wrong" d={wavePath(start * width, (end + 1) * width - 1, base)} />}
          </g>
        ))}
      </g>
    );
  });
});
