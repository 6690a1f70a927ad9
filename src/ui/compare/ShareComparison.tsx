import { useState } from 'react';
import { CopyButton } from '../shell/CopyButton.tsx';
import type { RunRecord } from '../state/runs.ts';
import { comparisonText } from './comparison-text.ts';

/** The links of all compared runs as one text: whoever opens them gets the same configurations, seeds included. */
export function ShareComparison({ runs }: { runs: readonly RunRecord[] }) {
  const [refused, setRefused] = useState(false);
  const text = comparisonText(runs, location);
  return (
    <section className="panel share-comparison" aria-labelledby="share-comparison-title">
      <h2 id="share-comparison-title">Share this comparison</h2>
      <p>One link for each run, with all of its settings. Opening a link trains nothing by itself.</p>
      <CopyButton
        label={runs.length === 2 ? 'Copy both links' : `Copy ${runs.length} links`}
        text={text}
        onRefused={() => setRefused(true)}
      />
      {refused && <textarea readOnly rows={runs.length + 1} aria-label="Links to copy by hand" value={text} />}
    </section>
  );
}
