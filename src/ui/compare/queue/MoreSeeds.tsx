import { useId, useMemo } from 'react';
import { useStore } from 'zustand';
import { useRun, useSession } from '../../session.ts';
import { nextSeeds, whyNotRepeated } from '../../state/more-seeds.ts';
import { whyNoRoom } from '../../state/queued-run.ts';
import type { RunRecord } from '../../state/runs.ts';

/** With the run that they repeat, the fewest seeds of which the spread says anything. */
const MORE = 2;

interface MoreSeedsProps {
  run: RunRecord;
  onQueued(said: string): void;
  /** Pressed where that cannot be. */
  onRefused(why: string): void;
}

/** Has a run trained again with other seeds, or says why it cannot be: it can be reached by keyboard and pressed all the same. */
export function MoreSeeds({ run, onQueued, onRefused }: MoreSeedsProps) {
  const { queue, runs } = useSession();
  const whyId = useId();
  const { waiting } = useStore(queue.store);
  const others = useStore(runs, (state) => state.runs);
  const adapter = useRun((state) => state.adapter);
  const corpus = useRun((state) => state.corpus);
  const loading = useRun((state) => state.loading);
  const why = whyNotRepeated(run, { adapter, corpus, loading }) ?? whyNoRoom(waiting, MORE);
  const next = useMemo(() => nextSeeds(run, MORE, [...others, ...waiting]).join(' and '), [run, others, waiting]);
  const press = (): void => {
    if (why !== null) return onRefused(`No more seeds of ${run.name}: ${why}`);
    const seeds = queue.repeat(run, MORE).join(' and ');
    onQueued(`Queued: ${run.name} with seeds ${seeds}, one after the other.`);
  };
  return (
    <button
      type="button"
      className="button small quiet"
      aria-disabled={why !== null || undefined}
      aria-describedby={why === null ? undefined : whyId}
      title={why ?? `Train this twice more, with seeds ${next}, one after the other, unattended`}
      onClick={press}
    >
      More seeds
      {why !== null && (
        <span id={whyId} hidden>
          {why}
        </span>
      )}
    </button>
  );
}
