import type { Capture } from '../state/inspection.ts';
import type { Position } from './position.ts';
import { headName, knownWeight, precisionNote, spanName, spanText, strongestBin } from './read-out.ts';
import type { StreamLane } from './scene.ts';
import type { PointedBin } from './Stage.tsx';
import { useExactRow } from './use-exact-row.ts';

interface BinReadoutProps {
  capture: Capture;
  lanes: readonly StreamLane[];
  position: Position;
  query: number;
  pointed: PointedBin | null;
}

/** The key under the pointer, in numbers; without one, the strongest of the chosen hierarchy. */
export function BinReadout({ capture, lanes, position, query, pointed }: BinReadoutProps) {
  const shown = lanes[pointed?.hierarchy ?? position.hierarchy];
  const { geometry, head, lane, row } = shown;
  const { weights, precision } = useExactRow(capture, position.layer, shown);
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
          <span>{query - bin.end === 0 ? 'ends at the query' : `ends ${query - bin.end} bytes back`}</span>
          <span>
            {bin.seen && weights !== null ? (
              <>
                weight <strong>{knownWeight(weights[bin.index], precision)}</strong>
              </>
            ) : (
              'outside the window'
            )}
          </span>
          {bin.seen && note !== null && <span className="hint">{note}</span>}
          {dilation > 1 && (
            <span>
              phase {(bin.token % dilation) + 1} of {dilation}
            </span>
          )}
        </>
      )}
    </p>
  );
}
