import { useId, useRef } from 'react';
import { useStore } from 'zustand';
import { encodeQuery } from '../../../config/codec/encode.ts';
import { useFormDiffers } from '../../run/use-form-differs.ts';
import { useConfig, useRun, useSession } from '../../session.ts';
import { useFocusHandedOn } from '../../shell/use-focus-handed-on.ts';
import { whyNotAdded } from '../../state/queued-run.ts';
import { isActive } from '../../state/run-state.ts';
import { queuedName } from './queued-name.ts';
import { canGoOn, waitText } from './wait-text.ts';

/** The runs that wait for their turn, what they wait for, and a place for what the form holds. */
export function QueuePanel() {
  const { queue } = useSession();
  const isWaitedFor = useStore(queue.store, ({ waiting }) => waiting.length > 0);
  const active = useRun((state) => isActive(state.phase));
  const differs = useFormDiffers();
  const said = useWaitText();
  return (
    <>
      {(isWaitedFor || (active && differs)) && <Queue />}
      {/* What comes together with its first text is often not read out. */}
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </>
  );
}

/** What the next run waits for; empty where none does. */
function useWaitText(): string {
  const { queue, runs: store } = useSession();
  const wait = useStore(queue.store, (state) => state.wait);
  const present = useStore(store, ({ runs, presentId }) => runs.find(({ id }) => id === presentId)?.name);
  return wait === null ? '' : waitText(wait, present ?? 'the run');
}

function Queue() {
  const { queue, runs: store } = useSession();
  const { waiting, wait } = useStore(queue.store);
  const { runs } = useStore(store);
  const said = useWaitText();
  const panel = useRef<HTMLElement>(null);
  useFocusHandedOn(panel);
  return (
    <section ref={panel} className="panel queue" aria-labelledby="queue-title">
      <div className="panel-head">
        <h2 id="queue-title">
          Queue <span className="unit">of runs that are trained one after another, unattended, and measured</span>
        </h2>
      </div>
      {waiting.length > 0 && (
        <ol className="queued-runs">
          {waiting.map((queued, at) => (
            <QueuedRow
              key={`${encodeQuery(queued.config)} ${queued.text.name} ${queued.text.sha256}`}
              name={queuedName(queued, runs)}
              onRemove={() => queue.remove(at)}
            />
          ))}
        </ol>
      )}
      <p className="queue-wait">{said}</p>
      <div className="queue-actions">
        {wait !== null && canGoOn(wait) && <GoOn />}
        <AddForm />
        {waiting.length > 1 && (
          <button type="button" className="text-button" onClick={() => queue.clear()}>
            Remove all
          </button>
        )}
      </div>
    </section>
  );
}

function QueuedRow({ name, onRemove }: { name: string; onRemove(): void }) {
  const row = useRef<HTMLLIElement>(null);
  useFocusHandedOn(row);
  return (
    <li ref={row}>
      <span>{name}</span>
      <button type="button" className="button small quiet" aria-label={`Remove ${name}`} onClick={onRemove}>
        Remove
      </button>
    </li>
  );
}

/** The way on where nothing leads there by itself. */
function GoOn() {
  const { queue } = useSession();
  const box = useRef<HTMLDivElement>(null);
  useFocusHandedOn(box);
  return (
    <div ref={box}>
      <button type="button" className="button" onClick={() => queue.goOn()}>
        Go on with the next
      </button>
    </div>
  );
}

function AddForm() {
  const { queue, config } = useSession();
  const hintId = useId();
  const { waiting } = useStore(queue.store);
  const form = useConfig((state) => state);
  const why = useRun((state) => whyNotAdded(form, state, waiting));
  return (
    <span className="queue-form">
      <button
        type="button"
        className="button"
        disabled={why !== null}
        title="Train it after all that waits"
        aria-describedby={hintId}
        onClick={() => queue.add(config.getState())}
      >
        Queue what the form holds
      </button>
      <span id={hintId} className="hint">
        {why}
      </span>
    </span>
  );
}
