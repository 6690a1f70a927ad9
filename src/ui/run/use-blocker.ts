import { useMemo } from 'react';
import { useConfig, useRun } from '../session.ts';
import { startBlocker } from '../state/start-blocker.ts';
import type { Blocker } from '../state/start-blocker.ts';

/** Why a new run could not start, null when it could. */
export function useBlocker(): Blocker | null {
  const config = useConfig((state) => state.config);
  const drafts = useConfig((state) => state.drafts);
  const weights = useConfig((state) => state.weights);
  const adapter = useRun((state) => state.adapter);
  const corpus = useRun((state) => state.corpus);
  const loading = useRun((state) => state.loading);
  return useMemo(
    () => startBlocker({ config, drafts, weights }, { adapter, corpus, loading }),
    [config, drafts, weights, adapter, corpus, loading],
  );
}
