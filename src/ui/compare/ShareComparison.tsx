import { useCallback, useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { CopyButton } from '../shell/CopyButton.tsx';
import { curveObstacle } from '../state/run-curve.ts';
import type { RunRecord } from '../state/runs.ts';
import { comparisonText } from './comparison-text.ts';
import { encodedCurves } from './run-curves.ts';

/** The links of all compared runs as one text: whoever opens them gets the same configurations, seeds included, and curves. */
export function ShareComparison({ runs }: { runs: readonly RunRecord[] }) {
  const [refused, setRefused] = useState<string | null>(null);
  const [wanted, want] = useState(true);
  const { curves, refresh } = useNewestCurves(runs);
  const text = useCallback(
    () => comparisonText(runs, location, wanted ? curves.current : undefined),
    [runs, wanted, curves],
  );
  const without = wanted ? runs.filter((run) => curveObstacle(run, run.config) !== null) : [];
  return (
    <section className="panel share-comparison" aria-labelledby="share-comparison-title">
      <h2 id="share-comparison-title">Share this comparison</h2>
      <p>
        One link for each run, with all of its settings{wanted && ' and its curve'}. It opens Compare
        {wanted && ' with that run alone'} and trains nothing by itself: to see two runs side by side, open one and
        train the other.
        {without.length > 0 &&
          ` No curve goes with ${without.map(({ name }) => name).join(' and ')}: a link cannot tell a run that took up settings on the way, or has no steps yet.`}
      </p>
      <label className="check">
        <input type="checkbox" checked={wanted} onChange={({ target }) => want(target.checked)} />
        Include curves
        <span className="hint">losses at 128 steps; no text, no model</span>
      </label>
      <span onPointerEnter={refresh} onFocus={refresh}>
        <CopyButton
          label={runs.length === 2 ? 'Copy both links' : `Copy ${runs.length} links`}
          text={text}
          onRefused={setRefused}
        />
      </span>
      {refused !== null && (
        <textarea readOnly rows={runs.length + 1} aria-label="Links to copy by hand" value={refused} />
      )}
    </section>
  );
}

interface NewestCurves {
  curves: RefObject<ReadonlyMap<number, string>>;
  /** Has them packed as they are by now. */
  refresh(): void;
}

/**
 * The curves of runs for their links. A browser that is asked to copy does not wait for them, so they are packed when that
 * is about to be asked.
 */
function useNewestCurves(runs: readonly RunRecord[]): NewestCurves {
  const curves = useRef<ReadonlyMap<number, string>>(new Map());
  const newest = useRef(0);
  const refresh = useCallback((): void => {
    const asked = ++newest.current;
    encodedCurves(runs).then(
      (encoded) => {
        if (asked === newest.current) curves.current = encoded;
      },
      // Where the browser cannot pack them the links go without.
      () => {},
    );
  }, [runs]);
  useEffect(refresh, [refresh]);
  return { curves, refresh };
}
