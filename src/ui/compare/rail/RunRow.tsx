import { memo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Swatch } from '../../chart/Swatch.tsx';
import { exact, loss } from '../../format/quantity.ts';
import { goOnLabel } from '../../run/EarlierRunList.tsx';
import { useRun, useSession } from '../../session.ts';
import { useFocusHandedOn } from '../../shell/use-focus-handed-on.ts';
import type { EarlierRun } from '../../state/run-state.ts';
import { canPin, MAX_PINS, togglePin } from '../../state/runs.ts';
import type { RunRecord } from '../../state/runs.ts';
import { MoreSeeds } from '../queue/MoreSeeds.tsx';
import { bestValidation, knownUntil, timeOf } from '../run-figures.ts';
import type { RunLook } from '../run-look.ts';
import { useKeptRun } from '../use-kept-run.ts';
import { RunNameInput } from './RunNameInput.tsx';

interface RunRowProps {
  run: RunRecord;
  /** What tells it from those beside it. */
  about: string;
  /** Null where it is not drawn. */
  look: RunLook | null;
  /** Whether it is compared although nobody said so, beside the newest. */
  unasked: boolean;
  present: boolean;
  /** Another one whenever its curve has grown, which does so in place. */
  revision: number;
  onCopy(run: RunRecord): void;
  onQueued(said: string): void;
  onRefused(why: string): void;
  onRemove(run: RunRecord): void;
}

/** A run in the list: what it was, how far it came, and what can be done with it. */
export const RunRow = memo(function RunRow(props: RunRowProps) {
  const { run, about, look, unasked, present, onCopy, onRemove, ...seeds } = props;
  const { runs } = useSession();
  const { name, metrics, pin } = run;
  const [renaming, setRenaming] = useState(false);
  const rename = useRef<HTMLButtonElement>(null);
  const pinnable = useStore(runs, (state) => canPin(state, run.id));
  const kept = useKeptRun(run.id);
  // While there is no run, a notice above offers it.
  const isOffered = useRun((state) => state.phase.name === 'idle');
  return (
    <li className="run" data-present={present || undefined}>
      <span className="run-swatch">{look !== null && <Swatch {...look} />}</span>
      <div className="run-story">
        {renaming ? (
          <RunNameInput
            run={run}
            onDone={(byKey) => {
              if (byKey) rename.current?.focus();
              setRenaming(false);
            }}
          />
        ) : (
          <strong className="run-name">{name}</strong>
        )}
        {present && <span className="tag">present</span>}
        {unasked && (
          <span
            className="tag"
            title="Nothing is pinned, so the newest run is compared with one before it, of other settings where there is one"
          >
            compared
          </span>
        )}
        <span className="run-difference">{about}</span>
      </div>
      <dl className="run-figures">
        <Figure label={`best validation${knownUntil(metrics)}`} value={loss(bestValidation(metrics))} />
        <Figure label="steps" value={exact(metrics.madeSteps)} />
        <Figure label="active time" value={timeOf(metrics)} />
      </dl>
      <div className="run-tools" role="group" aria-label={`Run ${name}`}>
        <button
          type="button"
          className="button small"
          aria-pressed={pin !== null}
          disabled={!pinnable}
          title={pinnable ? 'Draw this run beside others' : `At most ${MAX_PINS} runs can be pinned beside the newest`}
          onClick={() => togglePin(runs, run.id)}
        >
          {pin === null ? 'Pin' : 'Unpin'}
        </button>
        <button ref={rename} type="button" className="button small quiet" onClick={() => setRenaming(true)}>
          Rename
        </button>
        <button
          type="button"
          className="button small quiet"
          title="Put the settings of this run into the form"
          onClick={() => onCopy(run)}
        >
          Edit a copy
        </button>
        <MoreSeeds run={run} {...seeds} />
        {!present && (
          <button type="button" className="button small quiet" onClick={() => onRemove(run)}>
            Delete
          </button>
        )}
        {kept !== null && !isOffered && <OpenAgain kept={kept} />}
      </div>
    </li>
  );
});

/** The way back to the model of a run, which is kept. */
function OpenAgain({ kept: { id, step, config } }: { kept: EarlierRun }) {
  const { storedRuns } = useSession();
  const ready = useRun((state) => state.adapter.state === 'ready');
  const box = useRef<HTMLSpanElement>(null);
  useFocusHandedOn(box);
  return (
    <span ref={box}>
      <button
        type="button"
        className="button small quiet"
        disabled={!ready}
        title="It becomes the present run, and can be measured and looked into"
        onClick={() => void storedRuns.goOn(id)}
      >
        {goOnLabel(step, config.training.steps)}
      </button>
    </span>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
