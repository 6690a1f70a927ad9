import type { Capture } from '../state/inspection.ts';
import { spokenByte } from '../text/byte-name.ts';
import type { MapCell } from './map-cell.ts';
import { knownWeight, precisionNote, signedPercent, spanName, spanText } from './read-out.ts';
import { laneOf } from './scene.ts';
import type { Stream } from './scene.ts';
import { useExactRow } from './use-exact-row.ts';

interface MapCellReadoutProps {
  capture: Capture;
  layer: number;
  stream: Stream;
  before: Stream | null;
  cell: MapCell | null;
}

/** The weight under the pointer, in numbers. */
export function MapCellReadout(props: MapCellReadoutProps) {
  if (props.cell === null || props.stream.band === null) {
    return <p className="bin-readout hint">Point at a cell to read its weight; click to lock its query.</p>;
  }
  return <Cell {...props} cell={props.cell} span={props.stream.band.span} />;
}

function Cell({ capture, layer, stream, before, cell, span }: MapCellReadoutProps & { cell: MapCell; span: number }) {
  const { inspection, step } = capture;
  const { geometry } = stream;
  const { query, bin } = cell;
  const { weights, precision } = useExactRow(capture, layer, laneOf(stream, query));
  const earlier = before && laneOf(before, query).row;
  const note = precisionNote(precision, step);
  return (
    <p className="bin-readout">
      <span>
        query byte <strong>{query}</strong> <code>{spokenByte(inspection.text[query])}</code>
      </span>
      {bin === null || bin.index >= span || weights === null ? (
        <span>no key of this query here</span>
      ) : (
        <>
          <span>
            key {spanName(bin)} <code>{spanText(inspection.text, bin)}</code>
          </span>
          <span>{bin.index * geometry.factor} bytes back</span>
          <span>
            {bin.seen ? (
              <>
                weight <strong>{knownWeight(weights[bin.index], precision)}</strong>
                {earlier && `, ${signedPercent(weights[bin.index] - earlier[bin.index])} points since A`}
              </>
            ) : (
              'outside the window'
            )}
          </span>
          {bin.seen && note !== null && <span className="hint">{note}</span>}
        </>
      )}
    </p>
  );
}
