import type { Inspection } from '../../protocol/inspection.ts';
import { laneAt } from './lane-bins.ts';
import type { MapCell } from './map-cell.ts';
import { byteName, signedPercent, spanName, spanText, weightName } from './read-out.ts';
import type { Stream } from './scene.ts';

interface MapCellReadoutProps {
  inspection: Inspection;
  stream: Stream;
  before: Stream | null;
  cell: MapCell | null;
}

/** The weight under the pointer, in numbers. */
export function MapCellReadout({ inspection, stream, before, cell }: MapCellReadoutProps) {
  const { geometry, band, weights } = stream;
  if (cell === null || band === null || weights === null) {
    return <p className="bin-readout hint">Point at a cell to read its weight; click to lock its query.</p>;
  }
  const { query, bin } = cell;
  const { token } = laneAt(geometry, query);
  const at = token * band.span + (bin?.index ?? 0);
  return (
    <p className="bin-readout">
      <span>
        query byte <strong>{query}</strong> <code>{byteName(inspection.text[query])}</code>
      </span>
      {bin === null || bin.index >= band.span ? (
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
                weight <strong>{weightName(weights[at])}</strong>
                {before?.weights && `, ${signedPercent(weights[at] - before.weights[at])} points since A`}
              </>
            ) : (
              'outside the window'
            )}
          </span>
        </>
      )}
    </p>
  );
}
