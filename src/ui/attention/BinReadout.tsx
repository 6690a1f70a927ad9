import type { Capture } from '../state/inspection.ts';
import type { Position } from './position.ts';
import { headName, knownWeight, precisionNote, signedPercent, spanName, spanText, strongestBin } from './read-out.ts';
import type { PlacedBin, StreamLane } from './scene.ts';
import { useExactRow } from './use-exact-row.ts';

interface BinReadoutProps {
  capture: Capture;
  lanes: readonly StreamLane[];
  lanesBefore: readonly StreamLane[] | null;
  position: Position;
  query: number;
  pointed: PlacedBin | null;
}

/** The key under the pointer, in numbers; without one, the strongest of the chosen hierarchy. */
export function BinReadout({ capture, lanes, lanesBefore, position, query, pointed }: BinReadoutProps) {
  const shown = lanes[pointed?.hierarchy ?? position.hierarchy];
  const { geometry, head, lane, row } = shown;
  const { weights, precision } = useExactRow(capture, position.layer, shown);
  const earlier = lanesBefore?.[shown.hierarchy].row;
  const note = precisionNote(precision, capture.step);
  const bin = pointed?.bin ?? (row && strongestBin(lane, row));
  const { factor, dilation } = geometry;
  return (
    <p className="bin-readout">
      {bin === null ? (
        <span>The {factor}× hierarchy has no attention.</span>
      ) : (
        <>
          <span>
            {factor}×, {headName(head)}
            {pointed === null && ', strongest key'}
          </span>
          <span>
            token <strong>{bin.token}</strong> = {spanName(bin)} <code>{spanText(capture.inspection.text, bin)}</code>
            {bin.padding > 0 && ` after ${bin.padding} of padding`}
          </span>
          <span>{endName(query - bin.end)}</span>
          <span>
            {bin.seen && weights !== null ? (
              <>
                weight <strong>{knownWeight(weights[bin.index], precision)}</strong>
                {earlier && `, ${signedPercent(weights[bin.index] - earlier[bin.index])} points since A`}
              </>
            ) : (
              'outside the window'
            )}
          </span>
          {dilation > 1 && (
            <span>
              phase {(bin.token % dilation) + 1} of {dilation}
            </span>
          )}
          {bin.seen && note !== null && <span className="hint">{note}</span>}
        </>
      )}
    </p>
  );
}

function endName(back: number): string {
  if (back === 0) return 'ends at the query';
  return back === 1 ? 'ends 1 byte back' : `ends ${back} bytes back`;
}
