import { useMemo } from 'react';
import { loss, percent } from '../format/quantity.ts';
import type { Inspection } from '../../protocol/inspection.ts';
import { byteName, spokenByte } from './byte-name.ts';
import { heatStyle } from './heat.ts';
import { lensRows, lensSpan } from './lens.ts';
import type { LensRow } from './lens.ts';

interface LensTableProps {
  inspection: Inspection;
  /** Byte that is looked at. */
  at: number | null;
}

/** How the prediction of some bytes forms from layer to layer. */
export function LensTable({ inspection, at }: LensTableProps) {
  const rows = useMemo(() => lensRows(inspection), [inspection]);
  const { text } = inspection;
  if (text.length < 2) return null;
  if (rows.length === 0) return <p className="hint">This context is too long to be read layer by layer.</p>;
  const { start, end } = lensSpan(text.length, at);
  const places = Array.from({ length: end - start }, (_, i) => start + i);
  return (
    <section className="lens" aria-labelledby="lens-title">
      <h3 id="lens-title">Layer by layer</h3>
      <p className="hint">
        The byte that the model would expect if it ended there (the logit lens), coloured by what the true byte would
        cost; underlined where they are the same.
      </p>
      <div className="lens-frame" role="group" aria-labelledby="lens-title" tabIndex={0}>
        <table className="lens-table">
          <thead>
            <tr>
              <th scope="col">after</th>
              <th scope="col" className="lens-mean" title="Mean over the whole passage, bits per byte">
                bits
              </th>
              {places.map((place) => (
                <th
                  key={place}
                  scope="col"
                  aria-label={spokenByte(text[place])}
                  data-looked={place === at || undefined}
                >
                  {byteName(text[place])}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td className="lens-mean">{loss(row.mean)}</td>
                {places.map((place) => (
                  <LensCell key={place} row={row} place={place} byte={text[place]} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function LensCell({ row, place, byte }: { row: LensRow; place: number; byte: number }) {
  const expected = row.bytes[place];
  const bits = row.bits[place];
  const said = `${spokenByte(expected)} at ${percent(row.likeliest[place])}; ${spokenByte(byte)} costs ${loss(bits)} bits`;
  return (
    <td style={heatStyle(bits)} title={said} data-right={expected === byte || undefined}>
      {byteName(expected)}
    </td>
  );
}
