import { percent } from '../format/quantity.ts';
import { hueOf } from '../hue.ts';
import type { Kept } from './kept.ts';
import { meanOf, signed } from './read-out.ts';
import type { StreamLane } from './scene.ts';
import type { StageLayout } from './stage-layout.ts';

interface RowFiguresProps {
  lanes: readonly StreamLane[];
  kept: readonly Kept[];
  layout: StageLayout;
  /** The byte that the query predicts. */
  next: number;
}

/**
 * At the ends of rows, what they come to: how many bytes a hierarchy's tokens keep, and what it is worth, measured by taking
 * it out of every merge: the causal number beside the weights.
 */
export function RowFigures({ lanes, kept, layout, next }: RowFiguresProps) {
  const measured = lanes.some(({ lost }) => lost !== null) ? lanes : [];
  if (measured.length + kept.length === 0) return null;
  return (
    <dl className="row-figures" style={{ height: layout.height }}>
      {kept.map(({ geometry: { factor }, share }, at) => (
        <div key={factor} className="kept-share" style={{ top: layout.keptTop(at), height: layout.keptHeight }}>
          <dt style={{ '--hue': hueOf(factor) }}>
            <span className="row-factor">{factor}×</span> keeps
          </dt>
          <dd>
            <strong>{percent(share)}</strong> <span className="visually-hidden">of the bytes</span>
          </dd>
        </div>
      ))}
      {measured.map(({ hierarchy, geometry: { factor }, lost }) => (
        <div key={`worth ${factor}`} style={{ top: layout.laneTop(hierarchy), height: layout.laneHeight }}>
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
