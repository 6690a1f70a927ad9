import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { exact } from '../format/quantity.ts';
import { QrDetails } from '../share/QrDetails.tsx';
import { isLong } from '../share/share-link.ts';
import { CopyButton } from '../shell/CopyButton.tsx';
import { curveObstacle } from '../state/run-curve.ts';
import type { RunRecord } from '../state/runs.ts';
import { comparisonLink } from './comparison-link.ts';
import { encodedCurves } from './run-curves.ts';

interface ShareComparisonProps {
  runs: readonly RunRecord[];
  /** Whether some of them stand for several seeds. */
  isRepeated?: boolean;
}

/** One link to all compared runs: whoever opens it sees the same configurations side by side, seeds included, and curves. */
export function ShareComparison({ runs, isRepeated = false }: ShareComparisonProps) {
  const [refused, setRefused] = useState<string | null>(null);
  const [wanted, want] = useState(true);
  const { curves, refresh } = useNewestCurves(runs);
  const link = useMemo(() => comparisonLink(runs, location, wanted ? curves : undefined), [runs, wanted, curves]);
  const without = wanted ? runs.filter((run) => curveObstacle(run, run.config) !== null) : [];
  const own = runs.some(({ config }) => config.dataset === 'own');
  return (
    <section className="panel share-comparison" aria-labelledby="share-comparison-title">
      <h2 id="share-comparison-title">Share this comparison</h2>
      <p>
        One link opens {runs.length === 2 ? 'both runs' : `all ${runs.length} runs`} side by side here, with their names
        and all of their settings{wanted && ', and with their curves'}. It trains nothing by itself: whoever opens it
        can train them with one press.
        {without.length > 0 &&
          ` No curve goes with ${without.map(({ name }) => name).join(' and ')}: a link cannot tell a run that took up settings on the way or began with trained weights, or has no steps yet.`}
        {isRepeated && ' Of several seeds it holds the one that the table above shows.'}
      </p>
      {own && (
        <p className="message" data-severity="warning">
          Your own text is not in the link: who opens it is asked for a text.
        </p>
      )}
      <label className="check">
        <input type="checkbox" checked={wanted} onChange={({ target }) => want(target.checked)} />
        Include curves
        <span className="hint">losses at 128 steps; no text, no model</span>
      </label>
      <span onPointerEnter={refresh} onFocus={refresh}>
        <CopyButton label="Copy link" text={link} onRefused={setRefused} />
      </span>
      {refused !== null && <textarea readOnly rows={4} aria-label="Link to copy by hand" value={refused} />}
      {isLong(link) && (
        <p className="message" data-severity="warning">
          {exact(link.length)} characters: some messengers and browsers cut links that long.
          {wanted && curves.size > 0 && ` Without curves it has ${exact(comparisonLink(runs, location).length)}.`}
        </p>
      )}
      <QrDetails text={link} />
    </section>
  );
}

interface NewestCurves {
  curves: ReadonlyMap<number, string>;
  /** Has them packed as they are by now. */
  refresh(): void;
}

const NONE: NewestCurves['curves'] = new Map();

/**
 * The curves of runs for their link. A browser that is asked to copy does not wait for them, so they are packed when that
 * is about to be asked.
 */
function useNewestCurves(runs: readonly RunRecord[]): NewestCurves {
  const [curves, setCurves] = useState(NONE);
  const newest = useRef(0);
  const refresh = useCallback((): void => {
    const asked = ++newest.current;
    encodedCurves(runs).then(
      (encoded) => {
        if (asked === newest.current) setCurves(encoded);
      },
      // Where the browser cannot pack them the link goes without.
      () => {},
    );
  }, [runs]);
  useEffect(refresh, [refresh]);
  return { curves, refresh };
}
