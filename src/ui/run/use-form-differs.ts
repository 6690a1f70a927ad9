import { useMemo } from 'react';
import { encodeQuery } from '../../config/codec/encode.ts';
import { useConfig, useRun } from '../session.ts';
import { withEdits } from '../state/live-changes.ts';
import { isActive } from '../state/run-state.ts';

/** Whether the form asks for what the run cannot take up while it goes on. */
export function useFormDiffers(): boolean {
  const running = useRun((state) => state.config);
  const active = useRun((state) => isActive(state.phase));
  const config = useConfig((state) => state.config);
  const edits = useConfig((state) => state.edits);
  const begunWith = useRun((state) => state.begunWith);
  const weights = useConfig((state) => state.weights);
  return useMemo(() => {
    if (running === null) return false;
    if (weights?.file !== begunWith?.file) return true;
    // What is still being typed is on its way into the run.
    const soon = active ? withEdits(running, { config, edits }, (edit) => edit !== undefined) : running;
    return encodeQuery(soon) !== encodeQuery(config);
  }, [running, active, config, edits, begunWith, weights]);
}
