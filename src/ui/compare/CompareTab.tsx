import { useMemo } from 'react';
import { useStore } from 'zustand';
import { ChartTabContext } from '../chart/use-chart-view.ts';
import { TriedRunNote } from '../run/TriedRunNote.tsx';
import { useBlocker } from '../run/use-blocker.ts';
import { useHasGpu } from '../run/use-has-gpu.ts';
import { useRun, useSession } from '../session.ts';
import { comparedRuns } from '../state/runs.ts';
import { isChosen } from './compare-detail.ts';
import { CompareChart } from './CompareChart.tsx';
import { repeatedAmong } from './compare-lines.ts';
import { CompareTable } from './CompareTable.tsx';
import { FlatBaselineCard } from './FlatBaselineCard.tsx';
import { RecordedComparison } from './RecordedComparison.tsx';
import { QueuePanel } from './queue/QueuePanel.tsx';
import { looksInComparison, withOtherSeeds } from './run-look.ts';
import { RunsRail } from './rail/RunsRail.tsx';
import { useSeedGroups } from './seeds/use-seed-groups.ts';
import { SeedsPanel } from './seeds/SeedsPanel.tsx';
import { SentPanel } from './sent/SentPanel.tsx';
import { ShareComparison } from './ShareComparison.tsx';

/** Runs side by side: curves over what they cost, and what was set differently. */
export function CompareTab() {
  const { runs: store, sent, view } = useSession();
  const runs = useStore(store);
  const compared = useMemo(() => comparedRuns(runs), [runs]);
  const groups = useSeedGroups();
  const apart = isChosen(
    useStore(view, ({ details }) => details.cmp),
    'seedsApart',
  );
  const looks = useMemo(
    () => withOtherSeeds(looksInComparison(runs), compared, groups, apart),
    [runs, compared, groups, apart],
  );
  const recorded = useRun((state) => state.recorded);
  const isSent = useStore(sent, ({ compared: all }) => all.length > 0);
  const empty = recorded === null ? <NoRuns /> : <RecordedComparison recorded={recorded} />;
  return (
    <ChartTabContext value="cmp">
      <div className="compare">
        {isSent && <SentPanel looks={looks} />}
        {compared.length > 0 && <TriedRunNote atComparison />}
        {/* The last one that was deleted can be brought back from there. */}
        {(compared.length > 0 || runs.removed !== null) && <RunsRail looks={looks} />}
        <QueuePanel />
        {compared.length === 0 ? (
          // Runs that came without their curves stand above.
          !isSent && empty
        ) : (
          <>
            <CompareChart runs={compared} looks={looks} groups={groups} />
            <SeedsPanel groups={groups} looks={looks} />
            <CompareTable runs={compared} looks={looks} groups={groups} />
          </>
        )}
        <FlatBaselineCard />
        {compared.length > 1 && (
          <ShareComparison runs={compared} isRepeated={repeatedAmong(compared, groups).length > 0} />
        )}
      </div>
    </ChartTabContext>
  );
}

function NoRuns() {
  const { controller } = useSession();
  const blocker = useBlocker();
  const hasGpu = useHasGpu();
  if (!hasGpu) {
    return (
      <section className="panel compare-empty">
        <p>
          Runs lie side by side here, and none can be trained: {blocker?.reason} A link with a curve shows that of its
          sender.
        </p>
      </section>
    );
  }
  return (
    <section className="panel compare-empty">
      <p>There is nothing to compare yet: train, change a setting, and train again.</p>
      <button
        type="button"
        className="button primary"
        disabled={blocker !== null}
        title={blocker?.reason}
        onClick={() => controller.train()}
      >
        Train the first run
      </button>
    </section>
  );
}
