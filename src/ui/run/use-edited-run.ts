import type { RunConfig } from '../../config/types.ts';
import { useConfig, useRun } from '../session.ts';
import { withEdits } from '../state/live-changes.ts';

/** The run on the screen, with what was edited for it since; what the form holds where there is none. */
export function useEditedRun(): RunConfig {
  const running = useRun((state) => state.config);
  const form = useConfig((state) => state);
  return running === null ? form.config : withEdits(running, form);
}
