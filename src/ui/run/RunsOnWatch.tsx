import { useStore } from 'zustand';
import { RunsRail } from '../compare/rail/RunsRail.tsx';
import { useSession } from '../session.ts';
import { useWatchLooks } from './use-chart-runs.ts';

/** The runs beside the charts, once there is a second one to draw or to return to. */
export function RunsOnWatch() {
  const several = useStore(
    useSession().runs,
    ({ runs, presentId, removed }) => runs.some(({ id }) => id !== presentId) || removed !== null,
  );
  const looks = useWatchLooks();
  return several ? <RunsRail looks={looks} /> : null;
}
