import { hotSettings, waitingSettings } from '../../config/hot-settings.ts';
import { useConfig, useRun } from '../session.ts';
import { isActive } from '../state/run-state.ts';

/** What is said of the reconstruction weight while it waits. */
export const ZERO_WAITS =
  'A reconstruction weight of 0 leaves the heads out, so a change to or from it counts from the next run.';

/** Whether the form's reconstruction weight waits for the next run, which the run on the screen else takes up at once. */
export function useZeroWaits(): boolean {
  const running = useRun(({ config, phase }) => (isActive(phase) ? config : null));
  return useConfig(
    ({ config }) =>
      running !== null && waitingSettings(hotSettings(running), hotSettings(config)).includes('reconWeight'),
  );
}
