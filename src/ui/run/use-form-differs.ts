import { useMemo } from 'react';
import { encodeQuery } from '../../config/codec/encode.ts';
import type { RunConfig } from '../../config/types.ts';
import { useConfig, useRun } from '../session.ts';
import { hotSettings, takenUp, withHotSettings } from '../../config/hot-settings.ts';
import type { ConfigState } from '../state/config-store.ts';
import { isActive } from '../state/run-state.ts';

/** Whether the form asks for what the run cannot take up while it goes on. */
export function useFormDiffers(): boolean {
  const running = useRun((state) => state.config);
  const active = useRun((state) => isActive(state.phase));
  const form = useConfig((state) => state.config);
  const edits = useConfig((state) => state.edits);
  return useMemo(
    () =>
      running !== null && encodeQuery(active ? withLiveSettings(running, form, edits) : running) !== encodeQuery(form),
    [running, active, form, edits],
  );
}

/** What the run comes to once it has taken up all that was edited for it, to the end or not yet. */
function withLiveSettings(running: RunConfig, form: RunConfig, edits: ConfigState['edits']): RunConfig {
  return withHotSettings(
    running,
    takenUp(hotSettings(running), hotSettings(form), (name) => name in edits),
  );
}
