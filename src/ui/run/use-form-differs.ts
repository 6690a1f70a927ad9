import { useMemo } from 'react';
import { encodeQuery } from '../../config/codec/encode.ts';
import type { RunConfig } from '../../config/types.ts';
import { useConfig, useRun } from '../session.ts';
import { hotSettings, takenUp, withHotSettings } from '../../config/hot-settings.ts';
import { isActive } from '../state/run-state.ts';

/** Whether the form asks for what the run cannot take up while it goes on. */
export function useFormDiffers(): boolean {
  const running = useRun((state) => state.config);
  const active = useRun((state) => isActive(state.phase));
  const form = useConfig((state) => state.config);
  return useMemo(
    () => running !== null && encodeQuery(active ? withLiveSettings(running, form) : running) !== encodeQuery(form),
    [running, active, form],
  );
}

/** What the run comes to once it has taken up all that it can. */
function withLiveSettings(running: RunConfig, form: RunConfig): RunConfig {
  return withHotSettings(running, takenUp(hotSettings(running), hotSettings(form)));
}
