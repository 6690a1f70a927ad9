import { useCallback, useState } from 'react';
import { useStore } from 'zustand';
import { useCurves, useRun, useSession } from '../../session.ts';
import { loadConfig } from '../../state/config-store.ts';
import { isActive } from '../../state/run-state.ts';
import type { SentRun } from '../../state/sent-runs.ts';
import { whyNotSent } from '../../state/sent-trials.ts';
import { differenceLine } from '../config-diff.ts';
import type { RunLooks } from '../run-look.ts';
import { SentRow } from './SentRow.tsx';
import { standingOf } from './sent-standing.ts';
import { TrainSent } from './TrainSent.tsx';

/** The runs that a link holds side by side: what each is, what its sender measured, and what comes of it here. */
export function SentPanel({ looks }: { looks: RunLooks }) {
  // Figures of a run grow while it is trained.
  useCurves();
  const { config: form, link, queue, runs: store, sent, texts } = useSession();
  const { compared } = useStore(sent);
  const runs = useStore(store);
  const { waiting } = useStore(queue.store);
  const adapter = useRun((state) => state.adapter);
  const corpus = useRun((state) => state.corpus);
  const loading = useRun((state) => state.loading);
  const active = useRun((state) => isActive(state.phase));
  const [copied, setCopied] = useState('');
  const copy = useCallback(
    (run: SentRun): void => {
      link.commit(() => loadConfig(form, run.preset, run.config));
      texts.openWanted();
      setCopied(`The form holds the settings of ${run.name} now. Change what you like and train.`);
    },
    [form, link, texts],
  );
  const page = { adapter, corpus, loading };
  const whys = compared.map((run) => whyNotSent(run, page));
  const able = compared.filter((_, at) => whys[at] === null);
  const standings = compared.map((run) => standingOf(run, runs, waiting));
  const hasCurves = standings.some(({ curve }) => curve !== null);
  const hasRuns = standings.some(({ here }) => here !== null);
  const [first] = compared;
  // What holds for all of them, such as that there is no GPU, is said once.
  const ofAll = whys.every((why) => why !== null && why === whys[0]) ? whys[0] : null;
  const none = ofAll ?? (able.length === 0 ? 'None of them can be trained here as it is.' : null);
  return (
    <section className="panel sent" aria-labelledby="sent-title">
      <h2 id="sent-title">
        The comparison of this link{' '}
        <span className="unit">
          {hasCurves
            ? 'best validation of each run, in bits per byte, as it was sent and as it comes out here'
            : hasRuns
              ? 'best validation of each run here, in bits per byte'
              : 'its runs with their settings, without curves'}
        </span>
      </h2>
      <ul className="runs">
        {compared.map((run, at) => {
          const standing = standings[at];
          return (
            <SentRow
              key={run.name}
              run={run}
              about={differenceLine(run, at === 0 ? null : first)}
              why={ofAll === null ? whys[at] : null}
              looks={looks}
              hasCurves={hasCurves}
              hasRuns={hasRuns}
              isUnderWay={active && standing.here !== null && standing.here.id === runs.presentId}
              onCopy={copy}
              {...standing}
            />
          );
        })}
      </ul>
      <TrainSent all={compared} able={able} why={none} />
      <p className="hint" role="status">
        {copied}
      </p>
    </section>
  );
}
