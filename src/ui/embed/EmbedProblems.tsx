import { useMemo } from 'react';
import { Messages } from '../form/Messages.tsx';
import { Notice } from '../run/Notice.tsx';
import { useConfig, useRun } from '../session.ts';
import { configProblems } from '../state/start-blocker.ts';

/** What of the configuration this adapter cannot train, with the ways out that the form would offer. */
export function EmbedProblems() {
  const config = useConfig((state) => state.config);
  const adapter = useRun((state) => state.adapter);
  const errors = useMemo(
    () => configProblems({ config }, adapter).filter(({ severity }) => severity === 'error'),
    [config, adapter],
  );
  if (errors.length === 0) return null;
  return (
    <Notice tone="warn" title="This cannot be trained here as it is">
      <Messages id="embed-problems" problems={errors} />
    </Notice>
  );
}
