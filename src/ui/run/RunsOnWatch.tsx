import { Suspense } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { Fallible } from '../shell/Fallible.tsx';
import { lazyPart } from '../shell/lazy-part.tsx';
import { useWatchLooks } from './use-chart-runs.ts';

const RunsRail = lazyPart(
  () => import('../compare/rail/RunsRail.tsx'),
  (it) => it.RunsRail,
);

/** The runs beside the charts, once there is a second one to draw or to return to. */
export function RunsOnWatch() {
  const several = useStore(
    useSession().runs,
    ({ runs, presentId, removed }) => runs.some(({ id }) => id !== presentId) || removed !== null,
  );
  const looks = useWatchLooks();
  return several ? (
    <Fallible what="The list of runs">
      <Suspense>
        <RunsRail looks={looks} />
      </Suspense>
    </Fallible>
  ) : null;
}
