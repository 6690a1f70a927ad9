import { withError } from '../format/quantity.ts';
import type { Verdict } from './verdict.ts';

const BEST = 'By more than two standard errors of the difference. Other seeds would give other models';
const CLOSE = 'The difference is less than two of its standard errors';

interface VerdictFigureProps {
  figure: string;
  verdict: Verdict;
  /** Which run of those it is. */
  at: number;
  /** How the distance to the lowest is known. */
  moreTitle: string;
}

/** What a run came to, and what chance leaves of that: whether it is the best, or may be, and by how much it is behind. */
export function VerdictFigure({ figure, verdict: { best, close, more }, at, moreTitle }: VerdictFigureProps) {
  const behind = more.get(at);
  return (
    <>
      <span>
        {figure}
        {at === best && (
          <span className="best" title={BEST}>
            {' '}
            best
          </span>
        )}
      </span>
      {close.has(at) && (
        <div className="hint" title={CLOSE}>
          too close to call
        </div>
      )}
      {behind !== undefined && (
        <div className="hint" title={moreTitle}>
          {behind.mean === 0 && behind.error === 0 ? 'the same' : <span>{`+${withError(behind)}`}</span>}
        </div>
      )}
    </>
  );
}
