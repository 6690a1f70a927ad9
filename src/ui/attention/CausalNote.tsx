import { meanOf, signed } from './read-out.ts';
import type { StreamLane } from './scene.ts';

interface CausalNoteProps {
  lanes: readonly Pick<StreamLane, 'hierarchy' | 'geometry' | 'lost'>[];
  /** Whether shares of merges are shown too. */
  hasShares: boolean;
}

/** What the weights do not say, next to the numbers that do. */
export function CausalNote({ lanes, hasShares }: CausalNoteProps) {
  const measured = lanes.filter(({ lost }) => lost !== null);
  const known = measured.filter(({ lost }) => !Number.isNaN(meanOf(lost!)));
  return (
    <p className="causal-note">
      Attention weights are not an explanation: they say where a token read, not whether what it read mattered.
      {hasShares &&
        ' Nor is a share of the merge an effect: it says how much a hierarchy puts in, not whether it helps.'}{' '}
      {measured.length === 0 && 'This model has nothing that could be taken out of its merges to measure that.'}
      {known.length > 0 && (
        <>
          What matters is measured by taking a hierarchy out of every merge:{' '}
          {known.map(({ hierarchy, geometry: { factor }, lost }, at) => (
            <span key={hierarchy}>
              {at > 0 && ', '}
              without {factor}× a byte costs <strong>{signed(meanOf(lost!))}</strong> bits
            </span>
          ))}{' '}
          on average over this passage. Bars under the passage: <span className="key-filled">up</span>, where the
          hierarchy saves bits; <span className="key-outlined">down</span>, where it costs some.
        </>
      )}
    </p>
  );
}
