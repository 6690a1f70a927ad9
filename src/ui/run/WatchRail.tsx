import { RunsRail } from '../compare/rail/RunsRail.tsx';
import { useWatchLooks } from './use-chart-runs.ts';

/** The list of runs, which the charts of Watch draw. */
export function WatchRail() {
  return <RunsRail looks={useWatchLooks()} />;
}
