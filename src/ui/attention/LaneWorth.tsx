import { hueOf } from '../hue.ts';
import { meanOf, signed } from './read-out.ts';
import type { StreamLane } from './scene.ts';
import type { StageLayout } from './stage-layout.ts';

interface LaneWorthProps {
  lanes: readonly StreamLane[];
  layout: StageLayout;
  /** The byte that the query predicts. */
  next: number;
}

/** What each hierarchy is worth, measured by taking it out of every merge: the causal number beside the weights. */
export function LaneWorth({ lanes, layout, next }: LaneWorthProps) {
  if (lanes.every(({ lost }) => lost === null)) return null;
  return (
    <dl className="stage-worth" style={{ height: layout.height }}>
      {lanes.map(({ hierarchy, geometry: { factor }, lost }) => (
        <div key={hierarchy} style={{ top: layout.laneTop(hierarchy), height: layout.laneHeight }}>
          <dt style={{ '--hue': hueOf(factor) }}>
            without <span className="row-factor">{factor}×</span>
          </dt>
          <dd>
            <strong>{lost === null ? '–' : signed(meanOf(lost))}</strong> <span className="unit">bits a byte</span>
          </dd>
          <dd className="worth-here">
            {lost === null || next >= lost.length ? 'nothing predicted' : `${signed(lost[next])} at the next byte`}
          </dd>
        </div>
      ))}
    </dl>
  );
}
