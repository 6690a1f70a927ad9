import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Swatch } from '../chart/Swatch.tsx';
import { useCurves, useRun, useSession } from '../session.ts';
import { useFocusHandedOn } from '../shell/use-focus-handed-on.ts';
import { loadConfig } from '../state/config-store.ts';
import { changedSince } from '../state/marks.ts';
import type { EarlierRun } from '../state/run-state.ts';
import { comparedRuns, forgetRemoved, hasFreePin, MAX_PINS, removeRun, restoreRun, togglePin } from '../state/runs.ts';
import type { RunRecord } from '../state/runs.ts';
import { exact, loss } from '../format/quantity.ts';
import { differenceLine } from './config-diff.ts';
import { goOnLabel } from '../run/EarlierRunList.tsx';
import { KeptRuns } from './KeptRuns.tsx';
import { MoreSeeds } from './queue/MoreSeeds.tsx';
import type { RunLook, RunLooks } from './run-look.ts';
import { RunNameInput } from './RunNameInput.tsx';
import { useKeptRun } from './use-kept-run.ts';
import { bestValidation, knownUntil, timeOf } from './run-figures.ts';

/**
 * The runs of this visit, newest first: what each was, how far it came, and what can be done with it.
 *
 * @param looks of those that the charts beside it draw
 */
export function RunsRail({ looks }: { looks: RunLooks }) {
  useCurves();
  const session = useSession();
  const state = useStore(session.runs);
  const [said, setSaid] = useState('');
  const { runs, presentId, removed } = state;
  const unasked = runs.some(({ pin }) => pin !== null) ? [] : comparedRuns(state).slice(0, -1);
  // What was removed before that is no news any more.
  const say = (text: string): void => {
    forgetRemoved(session.runs);
    setSaid(text);
  };
  const copy = (run: RunRecord): void => {
    session.link.commit(() => loadConfig(session.config, run.preset, run.config));
    const isTextHere = session.texts.openTextOf(run);
    const next = isTextHere
      ? 'Change what you like and train.'
      : `Its text${run.text === null ? '' : `, ${run.text.name},`} is not open: open it under Data before you train.`;
    say(`The form holds the settings of ${run.name} now. ${next}`);
  };
  return (
    <section className="panel runs-panel" aria-labelledby="runs-title">
      <div className="panel-head">
        <h2 id="runs-title">
          Runs <span className="unit">of this visit; up to {MAX_PINS} can be pinned onto the charts</span>
        </h2>
      </div>
      <ul className="runs">
        {runs.toReversed().map((run) => (
          <RunRow
            key={run.id}
            run={run}
            before={runs[runs.indexOf(run) - 1] ?? null}
            look={looks.get(run.id) ?? null}
            unasked={unasked.includes(run)}
            present={run.id === presentId}
            canPin={run.pin !== null || hasFreePin(state)}
            onPin={() => togglePin(session.runs, run.id)}
            onCopy={() => copy(run)}
            onQueued={say}
            onRemove={() => {
              removeRun(session.runs, run.id);
              setSaid('');
            }}
          />
        ))}
      </ul>
      <p className="runs-said" role="status">
        {removed === null ? said : `${removed.run.name} is removed.`}
        {removed !== null && (
          <button type="button" className="text-button" onClick={() => restoreRun(session.runs)}>
            Bring it back
          </button>
        )}
      </p>
      <KeptRuns />
    </section>
  );
}

interface RunRowProps {
  run: RunRecord;
  before: RunRecord | null;
  /** Null where it is not drawn. */
  look: RunLook | null;
  /** Whether it is compared although nobody said so, beside the newest. */
  unasked: boolean;
  present: boolean;
  canPin: boolean;
  onPin(): void;
  onCopy(): void;
  onQueued(said: string): void;
  onRemove(): void;
}

function RunRow({ run, before, look, unasked, present, canPin, onPin, onCopy, onQueued, onRemove }: RunRowProps) {
  const { name, metrics, pin } = run;
  const [renaming, setRenaming] = useState(false);
  const kept = useKeptRun(run.id);
  // While there is no run, a notice above offers it.
  const isOffered = useRun((state) => state.phase.name === 'idle');
  return (
    <li className="run" data-present={present || undefined}>
      <span className="run-swatch">{look !== null && <Swatch {...look} />}</span>
      <div className="run-story">
        {renaming ? (
          <RunNameInput run={run} onDone={() => setRenaming(false)} />
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
        <span className="run-difference">{differenceLine({ ...run, since: changedSince(metrics.marks) }, before)}</span>
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
          disabled={!canPin}
          title={canPin ? 'Draw this run beside others' : `At most ${MAX_PINS} runs can be pinned`}
          onClick={onPin}
        >
          {pin === null ? 'Pin' : 'Unpin'}
        </button>
        <button type="button" className="button small quiet" onClick={() => setRenaming(true)}>
          Rename
        </button>
        <button
          type="button"
          className="button small quiet"
          title="Put the settings of this run into the form"
          onClick={onCopy}
        >
          Edit a copy
        </button>
        <MoreSeeds run={run} onQueued={onQueued} />
        {!present && (
          <button type="button" className="button small quiet" onClick={onRemove}>
            Delete
          </button>
        )}
        {kept !== null && !isOffered && <OpenAgain kept={kept} />}
      </div>
    </li>
  );
}

/** The way back to the model of a run of this visit, which is kept. */
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
