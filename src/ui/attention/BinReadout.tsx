import type { Inspection } from '../../protocol/inspection.ts';
import type { Position } from './position.ts';
import { headName, spanName, spanText, strongestBin, weightName } from './read-out.ts';
import type { StreamLane } from './scene.ts';
import type { PointedBin } from './Stage.tsx';

interface BinReadoutProps {
  inspection: Inspection;
  lanes: readonly StreamLane[];
  position: Position;
  query: number;
  pointed: PointedBin | null;
}

/** The key under the pointer, in numbers; without one, the strongest of the chosen hierarchy. */
export function BinReadout({ inspection, lanes, position, query, pointed }: BinReadoutProps) {
  const { geometry, head, lane, row } = lanes[pointed?.hierarchy ?? position.hierarchy];
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
            token <strong>{bin.token}</strong> = {spanName(bin)} <code>{spanText(inspection.text, bin)}</code>
            {bin.padding > 0 && ` after ${bin.padding} of padding`}
          </span>
          <span>{query - bin.end === 0 ? 'ends at the query' : `ends ${query - bin.end} bytes back`}</span>
          <span>
            {bin.seen && row !== null ? (
              <>
                weight <strong>{weightName(row[bin.index])}</strong>
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
        </>
      )}
    </p>
  );
}
