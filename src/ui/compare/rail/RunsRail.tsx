import { useCallback, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useStore } from 'zustand';
import { exact } from '../../format/quantity.ts';
import { useCurves, useSession } from '../../session.ts';
import { PassingButton } from '../../shell/PassingButton.tsx';
import { loadConfig } from '../../state/config-store.ts';
import { comparedRuns, forgetRemoved, MAX_PINS, removeRun, restoreRun } from '../../state/runs.ts';
import type { RunRecord } from '../../state/runs.ts';
import type { RunLooks } from '../run-look.ts';
import { isRepeated } from '../seeds/seed-groups.ts';
import { KeptRuns } from './KeptRuns.tsx';
import { railGroups } from './rail-groups.ts';
import { RunRow } from './RunRow.tsx';

/**
 * The runs of this browser, newest first, seeds beside each other: what each was, how far it came, and what can be done with it.
 *
 * @param looks of those that the charts beside it draw
 */
export function RunsRail({ looks }: { looks: RunLooks }) {
  const { revision } = useCurves();
  const session = useSession();
  const state = useStore(session.runs);
  const isWaitedFor = useStore(session.queue.store, ({ waiting }) => waiting.length > 0);
  const [said, setSaid] = useState({ text: '', ofQueue: false });
  const back = useRef<HTMLParagraphElement>(null);
  const { runs, presentId, removed, unkept } = state;
  const groups = useMemo(() => railGroups(runs), [runs]);
  const unasked = runs.some(({ pin }) => pin !== null) ? [] : comparedRuns(state).slice(0, -1);
  // What was removed before that is no news any more.
  const say = useCallback(
    (text: string, ofQueue = false): void => {
      forgetRemoved(session.runs);
      setSaid({ text, ofQueue });
    },
    [session],
  );
  const queued = useCallback((text: string): void => say(text, true), [say]);
  const copy = useCallback(
    (run: RunRecord): void => {
      session.link.commit(() => loadConfig(session.config, run.preset, run.config));
      const isTextHere = session.texts.openTextOf(run);
      const next = isTextHere
        ? 'Change what you like and train.'
        : `Its text${run.text === null ? '' : `, ${run.text.name},`} is not open: open it under Data before you train.`;
      say(`The form holds the settings of ${run.name} now. ${next}`);
    },
    [session, say],
  );
  const remove = useCallback(
    (run: RunRecord): void => {
      flushSync(() => {
        removeRun(session.runs, run.id);
        setSaid({ text: '', ofQueue: false });
      });
      back.current?.querySelector('button')?.focus();
    },
    [session],
  );
  const row = (run: RunRecord, about: string) => (
    <RunRow
      key={run.id}
      run={run}
      about={about}
      look={looks.get(run.id) ?? null}
      unasked={unasked.includes(run)}
      present={run.id === presentId}
      revision={run.id === presentId ? revision : 0}
      onCopy={copy}
      onQueued={queued}
      onRefused={say}
      onRemove={remove}
    />
  );
  return (
    <section className="panel runs-panel" aria-labelledby="runs-title">
      <div className="panel-head">
        <h2 id="runs-title">
          Runs{' '}
          <span className="unit">
            of this visit and before; up to {MAX_PINS} can be pinned onto the charts beside the newest
          </span>
        </h2>
      </div>
      <ul className="runs">
        {groups.map(({ runs: group, about }) =>
          isRepeated(group) ? (
            <li key={`seeds of ${group.at(-1)!.id}`} className="run-group">
              <p className="run-group-head">
                {about} <span className="unit">{exact(group.length)} seeds</span>
              </p>
              <ul>{group.map((run) => row(run, `seed ${exact(run.config.training.seed)}`))}</ul>
            </li>
          ) : (
            row(group[0], about)
          ),
        )}
      </ul>
      <p ref={back} className="runs-said" role="status">
        {removed !== null ? `${removed.run.name} is removed.` : said.ofQueue && !isWaitedFor ? '' : said.text}
        {removed !== null && (
          <PassingButton className="text-button" onClick={() => restoreRun(session.runs)}>
            Bring it back
          </PassingButton>
        )}
      </p>
      {unkept !== null && (
        <p className="runs-said" role="status">
          These runs end with the page. The browser’s storage does not take them: {unkept.replace(/\.$/, '')}.
          <PassingButton className="text-button" onClick={() => session.storedRecords.closeUnkept()}>
            Close
          </PassingButton>
        </p>
      )}
      <KeptRuns />
    </section>
  );
}
