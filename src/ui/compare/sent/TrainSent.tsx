import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { useMeasuredRun } from '../../form/use-estimate.ts';
import { aboutTime } from '../../format/about-time.ts';
import { exact } from '../../format/quantity.ts';
import { useRun, useSession } from '../../session.ts';
import { whyNoRoom } from '../../state/queued-run.ts';
import { isUnderWay } from '../../state/run-state.ts';
import { canPin, togglePin } from '../../state/runs.ts';
import type { SentRun } from '../../state/sent-runs.ts';
import { sentTrials } from '../../state/sent-trials.ts';
import { leftOut } from '../../state/step-seconds.ts';
import { trialKey } from '../../state/trials.ts';
import { settingsKey } from '../seeds/seed-groups.ts';
import { trialsSeconds } from '../queue/trials-seconds.ts';
import { standingOf } from './sent-standing.ts';

/** One as it was sent, or as many as say what chance makes of them. */
const SEEDS = ['1', '3'] as const;

interface TrainSentProps {
  all: readonly SentRun[];
  /** Those of them that this page can train. */
  able: readonly SentRun[];
  /** Why none can be trained; null where some can. */
  why: string | null;
}

/** Has the runs of a link trained here, one after another, or says why that cannot be. */
export function TrainSent({ all, able, why }: TrainSentProps) {
  const { queue, runs: store } = useSession();
  const { runs, presentId } = useStore(store);
  const { waiting } = useStore(queue.store);
  const corpus = useRun((state) => state.corpus);
  const speed = useRun((state) => state.speed);
  const underWay = useRun(({ phase }) => isUnderWay(phase));
  const measured = useMeasuredRun();
  const [seeds, setSeeds] = useState<string>(SEEDS[0]);
  const [said, setSaid] = useState('');
  const whyId = useId();
  const activeId = underWay ? presentId : null;
  const trials = corpus === null ? [] : sentTrials(able, Number(seeds), corpus, { runs, activeId, waiting });
  const obstacle =
    why ??
    (trials.length === 0 ? 'All of them are trained here, or wait for their turn.' : whyNoRoom(waiting, trials.length));
  const wanted = new Set(trials.map(seeds === '1' ? trialKey : settingsKey));
  const keyed = corpus === null ? [] : able.map(({ config }) => ({ config, text: corpus }));
  const count = keyed.filter((each) => wanted.has(seeds === '1' ? trialKey(each) : settingsKey(each))).length;
  const seconds = corpus === null ? NaN : trialsSeconds(trials, corpus, speed, measured);
  const press = (): void => {
    if (obstacle !== null) return;
    // What was trained here before is seen beside those that come.
    for (const run of able) {
      const { here } = standingOf(run, store.getState(), []);
      if (here !== null && here.pin === null && canPin(store.getState(), here.id)) togglePin(store, here.id);
    }
    queue.train(trials);
    const what = trials.length === 1 ? 'one run' : `${exact(trials.length)} runs, one after the other`;
    setSaid(`Queued: ${what}, and measured on the test part of the text.`);
  };
  return (
    <div className="sent-train">
      <button
        type="button"
        className="button primary"
        aria-disabled={obstacle !== null || undefined}
        aria-describedby={obstacle === null ? undefined : whyId}
        title={obstacle ?? 'One run after the other, unattended, and each measured on the test part'}
        onClick={press}
      >
        {labelOf(count, all.length)}
        {obstacle === null && Number.isFinite(seconds) && (
          <span>
            {' '}
            ({aboutTime(seconds)}
            {leftOut(measured)})
          </span>
        )}
      </button>
      <label>
        Seeds of each
        <select value={seeds} onChange={({ target }) => setSeeds(target.value)}>
          {SEEDS.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <p id={whyId} className="hint" role="status">
        {waiting.length > 0 && said !== '' ? said : obstacle}
      </p>
    </div>
  );
}

function labelOf(count: number, all: number): string {
  if (count > 0 && count < all) return `Train ${count} of ${all} here`;
  return all === 2 ? 'Train both here' : `Train all ${all} here`;
}
