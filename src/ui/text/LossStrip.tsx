import { useCallback, useMemo, useState, type ComponentType } from 'react';
import { useStore } from 'zustand';
import type { Inspection } from '../../protocol/inspection.ts';
import { exact } from '../format/quantity.ts';
import type { LossReader } from '../state/loss-reader.ts';
import { ByteCells } from './ByteCells.tsx';
import { cellBits } from './byte-odds.ts';
import { cellsOf, MOST_UNREAD, spokenCell } from './cells.ts';
import type { Cell } from './cells.ts';
import { heatStyle } from './heat.ts';
import { OddsReadout } from './OddsReadout.tsx';

interface LossStripProps {
  reader: LossReader;
  label: string;
  asBytes: boolean;
  /** What else there is to see of the byte that is looked at. */
  Below?: ComponentType<{ inspection: Inspection; at: number | null }>;
}

/** A passage whose bytes are coloured by what they cost, and what the model made of the one that is looked at. */
export function LossStrip({ reader, label, asBytes, Below }: LossStripProps) {
  const { passage, capture, picked } = useStore(reader.store);
  const [preview, setPreview] = useState<number | null>(null);
  const inspection = capture?.inspection ?? null;
  const read = inspection?.text.length;
  // Of a text of the visitor's own what comes next is shown as well, without colours; the fixed one is as long as the context.
  const isOwn = passage.source === 'own';
  const end = isOwn ? (read ?? 0) + MOST_UNREAD : read;
  const text = useMemo(() => passage.text.subarray(0, end), [passage, end]);
  const unseen = passage.text.length - text.length;
  const cells = useMemo(() => cellsOf(text, asBytes), [text, asBytes]);
  const bitsOf = useCallback(
    ({ start, end }: Cell) => (inspection === null ? NaN : cellBits(inspection, start, end)),
    [inspection],
  );
  // A cell that goes while the pointer is on it tells nobody that it was left.
  const lookedAt = preview !== null && preview < text.length ? preview : null;
  const at = lookedAt ?? picked;
  const nameOf = (cell: Cell): string => {
    const bits = bitsOf(cell);
    const name = spokenCell(cell, text);
    const unit = cell.end === cell.start + 1 ? 'bits' : 'bits a byte';
    return Number.isNaN(bits) ? name : `${name}, ${bits.toFixed(1)} ${unit}`;
  };
  return (
    <>
      <ByteCells
        label={label}
        cells={cells}
        current={picked}
        nameOf={nameOf}
        styleOf={(cell) => heatStyle(bitsOf(cell))}
        onPreview={setPreview}
        onPick={(byte) => reader.pick(byte)}
      />
      {isOwn && unseen > 0 && <p className="hint">{exact(unseen)} more bytes, which are not read either.</p>}
      <OddsReadout capture={capture} passage={passage} at={at} />
      {Below !== undefined && inspection !== null && <Below inspection={inspection} at={at} />}
    </>
  );
}
