import { percent } from '../format/quantity.ts';
import { hueOf } from '../hue.ts';
import type { Shares } from './hierarchy-shares.ts';

/** A smaller part has no room for its figure. */
const LEGIBLE = 0.13;

/** One quantity divided among the hierarchies; what belongs to none is neutral. */
export function ShareBar({ label, factors, shares }: { label: string; factors: readonly number[]; shares: Shares }) {
  const parts = [
    ...shares.hierarchies.map((share, at) => ({ name: `${factors[at]}×`, share, color: hueOf(factors[at]) })),
    { name: 'shared', share: shares.rest, color: null },
  ];
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <div
          className="share-bar"
          role="img"
          aria-label={parts.map(({ name, share }) => `${name} ${percent(share)}`).join(', ')}
        >
          {parts.map(({ name, share, color }, at) => (
            <span
              // oxlint-disable-next-line react/no-array-index-key -- Two may have the same factor while one is edited.
              key={at}
              style={{ flexGrow: share, background: color ?? undefined }}
              title={`${name} ${percent(share)}`}
            >
              {share >= LEGIBLE ? percent(share) : ''}
            </span>
          ))}
        </div>
      </dd>
    </div>
  );
}
