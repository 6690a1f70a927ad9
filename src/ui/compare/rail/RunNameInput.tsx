import { useEffect, useRef } from 'react';
import { useSession } from '../../session.ts';
import { renameRun } from '../../state/runs.ts';
import type { RunRecord } from '../../state/runs.ts';

/** A run's name while it is being changed: Enter or going elsewhere takes it, Escape leaves it. */
export function RunNameInput({ run, onDone }: { run: RunRecord; onDone(byKey: boolean): void }) {
  const { runs } = useSession();
  const input = useRef<HTMLInputElement>(null);
  const given = useRef(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const take = (text: string | null, byKey = true): void => {
    // Taking the field away blurs it, too.
    if (given.current) return;
    given.current = true;
    if (text !== null) renameRun(runs, run.id, text);
    onDone(byKey);
  };
  return (
    <input
      ref={input}
      type="text"
      className="run-name-input"
      aria-label={`New name of ${run.name}`}
      defaultValue={run.name}
      maxLength={40}
      onBlur={(event) => take(event.currentTarget.value, false)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        // Enter would press the button that has the focus next.
        event.preventDefault();
        take(event.key === 'Enter' ? event.currentTarget.value : null);
      }}
    />
  );
}
