import { useConfig, useRun } from '../session.ts';
import { longerRun } from '../state/longer-run.ts';

/** Steps that a run which is through can go on to; null when it cannot. */
export function useLongerRun(): number | null {
  const config = useConfig((state) => state.config);
  const drafts = useConfig((state) => state.drafts);
  const weights = useConfig((state) => state.weights);
  return useRun((state) => longerRun(state, { config, drafts, weights })?.training.steps ?? null);
}
