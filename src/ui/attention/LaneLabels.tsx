import { hueOf } from '../hue.ts';
import type { HierarchyGeometry } from '../../protocol/inspection.ts';
import type { Kept } from './kept.ts';
import { reach } from './lane-bins.ts';
import type { Position } from './position.ts';
import { strongestBin, weightName } from './read-out.ts';
import type { StreamLane } from './scene.ts';
import type { StageLayout } from './stage-layout.ts';

interface LaneLabelsProps {
  lanes: readonly StreamLane[];
  kept: readonly Kept[];
  layout: StageLayout;
  position: Position;
  hasWorth: boolean;
  onGo(change: Partial<Position>): void;
}

/** What stands left of the rows; a lane's label chooses its hierarchy. */
export function LaneLabels({ lanes, kept, layout, position, hasWorth, onGo }: LaneLabelsProps) {
  return (
    <div className="stage-labels" style={{ height: layout.height }}>
      <span className="row-name" style={{ top: layout.textTop + 3 }}>
        text
      </span>
      {kept.map(({ geometry: { factor } }, at) => (
        <span
          key={factor}
          className="row-name"
          style={{ '--hue': hueOf(factor), top: layout.keptTop(at) + 3 }}
          title={`The bytes that the reconstruction head reads back from ${factor}× tokens side by side: faint where it is unsure, on a wave where it is wrong`}
        >
          <span className="row-factor">{factor}×</span> keeps
        </span>
      ))}
      <span className="row-name" style={{ top: layout.costTop + 2 }} title="What the byte cost, full height 8 bits">
        bits
      </span>
      {hasWorth &&
        lanes.map(({ hierarchy, geometry: { factor } }) => (
          <span
            key={hierarchy}
            className="row-name"
            style={{ '--hue': hueOf(factor), top: layout.worthTop(hierarchy) + 4 }}
            title={`Bits that a byte costs more (filled, up) or less (outlined, down) without the ${factor}× hierarchy; full height 4 bits`}
          >
            without <span className="row-factor">{factor}×</span>
          </span>
        ))}
      {lanes.map(({ hierarchy, geometry, head, lane, row }) => {
        const strongest = row && strongestBin(lane, row);
        return (
          <button
            key={hierarchy}
            type="button"
            className="lane-label"
            style={{ '--hue': hueOf(geometry.factor), top: layout.laneTop(hierarchy), height: layout.laneHeight }}
            aria-pressed={hierarchy === position.hierarchy}
            title={phaseNote(geometry)}
            onClick={() => onGo({ hierarchy })}
          >
            <strong>{geometry.factor}×</strong> <span>{windowName(geometry)}</span>
            <span className="lane-head">{headLabel(head, geometry.heads)}</span>
            <span className="lane-most">{strongest ? `top ${weightName(row[strongest.index])}` : 'no attention'}</span>
          </button>
        );
      })}
    </div>
  );
}

function windowName({ window }: HierarchyGeometry): string {
  if (window === null) return 'full';
  return window === 0 ? 'off' : `w ${window}`;
}

function headLabel(head: StreamLane['head'], heads: number): string {
  if (heads === 1) return 'its one head';
  if (head === 'avg') return `mean of ${heads}`;
  return head === 'max' ? `max of ${heads}` : `head ${head + 1} of ${heads}`;
}

/** Why some tokens are not in the lane. */
function phaseNote(geometry: HierarchyGeometry): string {
  const { factor, dilation } = geometry;
  const bytes = reach(geometry);
  const extent = bytes === null ? 'all bytes before it' : `${bytes} bytes`;
  if (bytes === 0) return `The ${factor}× hierarchy has no attention.`;
  if (dilation === 1) return `A query sees ${extent}, ${factor} at a time.`;
  return (
    `A query sees ${extent}, ${factor} at a time. It reads only every ${ordinal(dilation)} token, those whose bytes meet ` +
    `without overlap; the ${dilation - 1 === 1 ? 'other phase is' : `${dilation - 1} other phases are`} never seen from here and not drawn.`
  );
}

function ordinal(count: number): string {
  return count === 2 ? 'second' : `${count}th`;
}
