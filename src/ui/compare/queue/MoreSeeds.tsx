import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useRun, useSession } from '../../session.ts';
import { nextSeeds, whyNotRepeated } from '../../state/more-seeds.ts';
import { whyNoRoom } from '../../state/queued-run.ts';
import type { RunRecord } from '../../state/runs.ts';

/** With the run that they repeat, the fewest seeds of which the spread says anything. */
const MORE = 2;

/** Has a run trained again with other seeds. */
export function MoreSeeds({ run, onQueued }: { run: RunRecord; onQueued(said: string): void }) {
  const { queue, runs } = useSession();
  const { waiting } = useStore(queue.store);
  const others = useStore(runs, (state) => state.runs);
  const why = useRun((state) => whyNotRepeated(run, state)) ?? whyNoRoom(waiting, MORE);
  const next = useMemo(() => nextSeeds(run, MORE, [...others, ...waiting]).join(' and '), [run, others, waiting]);
  return (
    <button
      type="button"
      className="button small quiet"
      disabled={why !== null}
      title={why ?? `Train this twice more, with seeds ${next}, one after the other, unattended`}
      onClick={() => {
        const seeds = queue.repeat(run, MORE).join(' and ');
        onQueued(`Queued: ${run.name} with seeds ${seeds}, one after the other.`);
      }}
    >
      More seeds
    </button>
  );
}
