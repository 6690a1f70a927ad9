import { useEffect, useState } from 'react';
import { useRun } from '../session.ts';
import { CopyButton } from '../shell/CopyButton.tsx';
import type { RunRecord } from '../state/runs.ts';
import { comparisonText } from './comparison-text.ts';
import { encodedCurves } from './run-curves.ts';

/** The links of all compared runs as one text: whoever opens them gets the same configurations, seeds included, and curves. */
export function ShareComparison({ runs }: { runs: readonly RunRecord[] }) {
  const [refused, setRefused] = useState(false);
  const [wanted, want] = useState(true);
  const curves = useCurvesOf(runs);
  const text = comparisonText(runs, location, wanted ? curves : undefined);
  return (
    <section className="panel share-comparison" aria-labelledby="share-comparison-title">
      <h2 id="share-comparison-title">Share this comparison</h2>
      <p>
        One link for each run, with all of its settings{wanted && ' and its curve'}. It opens Compare and trains nothing
        by itself.
      </p>
      <label className="check">
        <input type="checkbox" checked={wanted} onChange={({ target }) => want(target.checked)} />
        Include curves
        <span className="hint">losses at 128 steps; no text, no model</span>
      </label>
      <CopyButton
        label={runs.length === 2 ? 'Copy both links' : `Copy ${runs.length} links`}
        text={text}
        onRefused={() => setRefused(true)}
      />
      {refused && <textarea readOnly rows={runs.length + 1} aria-label="Links to copy by hand" value={text} />}
    </section>
  );
}

/** The curves of runs for their links, as they were when the runs last stood still or began: a link holds still. */
function useCurvesOf(runs: readonly RunRecord[]): ReadonlyMap<number, string> | undefined {
  const phase = useRun((state) => state.phase.name);
  const [curves, setCurves] = useState<ReadonlyMap<number, string>>();
  useEffect(() => {
    let isWanted = true;
    void encodedCurves(runs).then((encoded) => isWanted && setCurves(encoded));
    return () => void (isWanted = false);
  }, [runs, phase]);
  return curves;
}
