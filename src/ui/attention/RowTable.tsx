import { useState } from 'react';
import type { Capture } from '../state/inspection.ts';
import { spokenByte } from '../text/byte-name.ts';
import { weightsCsv } from './csv.ts';
import { saveText } from './save-text.ts';
import { headName, knownWeight, precisionNote, spanName, spanText } from './read-out.ts';
import { laneOf } from './scene.ts';
import type { Stream } from './scene.ts';
import { useExactRow } from './use-exact-row.ts';
import type { ShownRow } from './use-exact-row.ts';

interface RowTableProps {
  capture: Capture;
  layer: number;
  stream: Stream;
  /** The same of the capture to compare with; null without one. */
  before: Stream | null;
  query: number;
}

/** One query's weights as a table, and as files. */
export function RowTable({ capture, layer, stream, before, query }: RowTableProps) {
  const [open, setOpen] = useState(false);
  const { geometry, band, weights, head } = stream;
  const shown = laneOf(stream, query);
  const { lane } = shown;
  const row = useExactRow(capture, layer, shown);
  if (band === null || weights === null) return null;
  const exact = row.precision === 'exact' ? row.weights! : undefined;
  const source = { layer, geometry, head, span: band.span, weights };
  const name = `attention-layer${layer + 1}-${geometry.factor}x-${typeof head === 'number' ? `head${head + 1}` : head}`;
  return (
    <div className="row-table">
      <div className="row-actions">
        <button type="button" className="button small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide the table' : 'Show this row as a table'}
        </button>
        <button
          type="button"
          className="button quiet small"
          onClick={() => saveText(`${name}-byte${query}.csv`, weightsCsv({ ...source, exact }, lane.token))}
        >
          Row as CSV
        </button>
        <button
          type="button"
          className="button quiet small"
          onClick={() => saveText(`${name}.csv`, weightsCsv(source, null))}
        >
          Whole map as CSV
        </button>
      </div>
      {open && <Row {...{ capture, layer, stream, before, query, shown: row }} />}
    </div>
  );
}

function Row({ capture, layer, stream, before, query, shown }: RowTableProps & { shown: ShownRow }) {
  const { inspection, step } = capture;
  const { geometry, head } = stream;
  const { lane } = laneOf(stream, query);
  const { weights, precision } = shown;
  const note = precisionNote(precision, step);
  const earlier = before && laneOf(before, query).row;
  return (
    <div className="table-scroll" role="region" aria-label="Weights of the row" tabIndex={0}>
      <table>
        <caption>
          Query byte {query}, {spokenByte(inspection.text[query])}, layer {layer + 1}, {geometry.factor}×,{' '}
          {headName(head)}. {note === null ? 'Weights as they were computed.' : `Weights are known to 0.4 %, ${note}.`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Key token</th>
            <th scope="col">Bytes</th>
            <th scope="col">Text</th>
            <th scope="col">Bytes back</th>
            <th scope="col">Weight{earlier && ' in B'}</th>
            {earlier && <th scope="col">Weight in A</th>}
          </tr>
        </thead>
        <tbody>
          {lane.bins
            .filter(({ seen }) => seen)
            .map((bin) => (
              <tr key={bin.index}>
                <th scope="row">{bin.token}</th>
                <td>{spanName(bin)}</td>
                <td>
                  <code>{spanText(inspection.text, bin)}</code>
                </td>
                <td>{bin.index * geometry.factor}</td>
                <td>{knownWeight(weights![bin.index], precision)}</td>
                {earlier && <td>{knownWeight(earlier[bin.index], 'about')}</td>}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
