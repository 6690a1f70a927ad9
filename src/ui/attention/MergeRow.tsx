import { percent } from '../format/quantity.ts';
import { hueOf } from '../hue.ts';
import type { Inspection } from '../../protocol/inspection.ts';
import { bitsLost, shareOf, signed, signedPercent } from './read-out.ts';

interface MergeRowProps {
  inspection: Inspection;
  /** The capture to compare with; null without one. */
  before: Inspection | null;
  layer: number;
  query: number;
}

/** What the merge takes in at the query's byte, hierarchy by hierarchy, and what it costs to take each out. */
export function MergeRow({ inspection, before, layer, query }: MergeRowProps) {
  const next = query + 1;
  const parts = inspection.hierarchies.map(({ factor }, hierarchy) => ({
    factor,
    share: shareOf(inspection, layer, hierarchy, query),
    earlier: before && shareOf(before, layer, hierarchy, query),
    lost: next < inspection.text.length ? (bitsLost(inspection, hierarchy)?.[next] ?? null) : null,
  }));
  if (parts.some(({ share }) => share === null)) return null;
  return (
    <dl className="merge-row" title={ABOUT}>
      <div className="merge-shares">
        <dt>
          merge{' '}
          <span className="unit">
            after layer {layer + 1}, at byte {query}
          </span>
        </dt>
        <dd className="merge-bar">
          {parts.map(({ factor, share, earlier }) => (
            <span key={factor} data-factor={factor} style={{ '--hue': hueOf(factor), flexGrow: share! }}>
              {factor}× <strong>{percent(share!)}</strong>
              {earlier !== null && ` ${signedPercent(share! - earlier)} points since A`}
            </span>
          ))}
        </dd>
      </div>
      <div>
        <dt>if removed</dt>
        <dd className="merge-effects">
          {parts.map(({ factor, lost }) => (
            <span key={factor}>
              {factor}× <strong>{lost === null ? '–' : signed(lost)}</strong>
            </span>
          ))}
          <span className="unit">bits at the next byte</span>
        </dd>
      </div>
    </dl>
  );
}

const ABOUT =
  'Shares of what goes into the merge’s first layer, by the norms of what each hierarchy puts in. A share is not an effect: ' +
  'what is put in may be of no use. The bits that the next byte costs more without a hierarchy are its effect.';
