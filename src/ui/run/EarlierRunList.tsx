import { useRef } from 'react';
import { differenceLine } from '../compare/config-diff.ts';
import { aboutTime } from '../format/about-time.ts';
import { exact, loss } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import { useFocusHandedOn } from '../shell/use-focus-handed-on.ts';
import type { EarlierRun } from '../state/run-state.ts';
import { useNow } from './use-now.ts';

interface EarlierRunListProps {
  runs: readonly EarlierRun[];
  /** Whether they can be given up as well. */
  givesUp?: boolean;
}

/** Runs that are kept in this browser: what each is, how far it came, and the way to go on with it. */
export function EarlierRunList({ runs, givesUp = false }: EarlierRunListProps) {
  return (
    <ul className="earlier-runs">
      {runs.map((run) => (
        <EarlierRunRow key={run.id} run={run} givesUp={givesUp} />
      ))}
    </ul>
  );
}

function EarlierRunRow({ run, givesUp }: { run: EarlierRun; givesUp: boolean }) {
  const { storedRuns } = useSession();
  const row = useRef<HTMLLIElement>(null);
  // It goes when one of its buttons is pressed; the notice stays while there are others.
  useFocusHandedOn(row);
  const ready = useRun((state) => state.adapter.state === 'ready');
  const now = useNow();
  const { id, name, text, config, step, bpb, keptAt } = run;
  const { steps } = config.training;
  return (
    <li ref={row} className="earlier-run">
      <p>
        <WhatRun {...run} />
        <br />
        step {exact(step)} of {exact(steps)}
        {text !== null && ` on ${text}`}
        {bpb !== null && `, ${loss(bpb)} bits per byte`}, kept {aboutTime((now - keptAt) / 1000)} ago
      </p>
      <div className="notice-actions" role="group" aria-label={`Run ${name}`}>
        <button type="button" className="button" disabled={!ready} onClick={() => void storedRuns.goOn(id)}>
          {goOnLabel(step, steps)}
        </button>
        {givesUp && (
          <button type="button" className="text-button" onClick={() => void storedRuns.forget(id)}>
            Delete
          </button>
        )}
      </div>
    </li>
  );
}

type WhatRunProps = Pick<EarlierRun, 'name' | 'config' | 'preset'> &
  Partial<Pick<EarlierRun, 'since' | 'firstWeights'>>;

/** A run as one tells it from others: its name and what it is. */
export function WhatRun({ name, ...run }: WhatRunProps) {
  return (
    <>
      <strong>{name}</strong> <span className="earlier-settings">{differenceLine(run, null)}</span>
    </>
  );
}

/** What going on comes to: a run that is through is only opened. */
export function goOnLabel(step: number, steps: number): string {
  return step < steps ? `Go on from step ${exact(step)}` : 'Open it again';
}
