import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { useMeasuredRun } from '../../form/use-estimate.ts';
import { aboutTime } from '../../format/about-time.ts';
import { useConfig, useRun, useSession } from '../../session.ts';
import { isUnderWay } from '../../state/run-state.ts';
import { leftOut } from '../../state/step-seconds.ts';
import { trialsOf, whyNotTried } from '../../state/trials.ts';
import type { Contender } from '../../state/trials.ts';
import { trialsSeconds } from './trials-seconds.ts';

/** Of fewer the spread says little. */
const SEEDS = 3;

/** Has two configurations trained with the same seeds, one run after another, or says why that cannot be. */
export function TryBoth({ both }: { both: readonly [Contender, Contender] }) {
  const { queue, runs: store } = useSession();
  const { runs, presentId } = useStore(store);
  const { waiting } = useStore(queue.store);
  const page = useRun((state) => state);
  const drafts = useConfig((state) => state.drafts);
  const measured = useMeasuredRun();
  const [said, setSaid] = useState({ text: '', ofQueue: false });
  const whyId = useId();
  const { corpus, phase, speed } = page;
  if (corpus === null) return null;
  const trials = trialsOf(both, SEEDS, corpus, {
    runs,
    activeId: isUnderWay(phase) ? presentId : null,
    waiting,
  });
  const why = whyNotTried(trials, drafts, page, waiting);
  const seeds = [...new Set(trials.map(({ config }) => config.training.seed))].join(', ');
  const seconds = trialsSeconds(trials, corpus, speed, measured);
  return (
    <>
      <button
        type="button"
        className="button"
        aria-disabled={why !== null || undefined}
        aria-describedby={why === null ? undefined : whyId}
        title={why ?? `Seeds ${seeds} of each, one run after the other, unattended, and each measured on the test part`}
        onClick={() => {
          if (why === null) queue.train(trials);
          setSaid(
            why === null
              ? { text: `Queued: both with seeds ${seeds}, turn by turn.`, ofQueue: true }
              : { text: why, ofQueue: false },
          );
        }}
      >
        Train both with {SEEDS} seeds
        {Number.isFinite(seconds) && (
          <span>
            {' '}
            ({aboutTime(seconds)}
            {leftOut(measured)})
          </span>
        )}
        {why !== null && (
          <span id={whyId} hidden>
            {why}
          </span>
        )}
      </button>
      <p className="hint" role="status">
        {said.ofQueue && waiting.length === 0 ? '' : said.text}
      </p>
    </>
  );
}
