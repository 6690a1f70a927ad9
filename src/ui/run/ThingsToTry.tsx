import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { encodeQuery } from '../../config/codec/encode.ts';
import { useConfig, useRun, useSession } from '../session.ts';
import { TabLink } from '../shell/TabLink.tsx';
import { loadConfig } from '../state/config-store.ts';
import { isActive } from '../state/run-state.ts';
import type { RunRecord } from '../state/runs.ts';
import { isUntouched } from '../state/runs.ts';
import { openTab } from '../state/view.ts';
import { WALKTHROUGHS } from '../about/walkthroughs-detail.ts';
import { copying, experiments, withStreamsOf } from './experiments.ts';
import type { Experiment } from './experiments.ts';
import { triedRun } from './tried-run.ts';
import { useHasGpu } from './use-has-gpu.ts';

/** Layer, head, hierarchy and byte of the second walk-through: the recorded run's 4× at the "i" of "mind". */
const A_LOOK = 'l1.h1.k2.q40.dist';

/**
 * Small experiments for who has just come: each a press away, and nothing starts by itself. After a first run they are what
 * it can be compared with.
 */
export function ThingsToTry() {
  const { config: form, link, texts, runs, view } = useSession();
  const idle = useRun((state) => state.phase.name === 'idle');
  const untouched = useStore(runs, isUntouched);
  const first = useFirstRun();
  const recorded = useRun((state) => state.recorded !== null || state.awaitsRecorded);
  const hasGpu = useHasGpu();
  const preset = useConfig((state) => state.preset);
  const shown = useConfig((state) => state.config);
  const all = useMemo(() => {
    const former = withStreamsOf(preset, shown);
    const comparable = experiments(former);
    return comparable.length === 0 ? [] : [...comparable, copying(former)];
  }, [preset, shown]);
  const [chosen, choose] = useState<Experiment | null>(null);
  if (first !== null) return <NextToTry run={first} />;
  if (!idle || !untouched || (all.length === 0 && !recorded)) return null;
  const put = (experiment: Experiment): void => {
    link.commit(() => loadConfig(form, preset, experiment.config));
    texts.openWanted();
    choose(experiment);
  };
  return (
    <section className="to-try" aria-label="Things to try">
      <p>
        <span className="to-try-name">Things to try:</span>
        {hasGpu &&
          all.map((experiment) => (
            <button key={experiment.label} type="button" className="button small" onClick={() => put(experiment)}>
              {experiment.label}
            </button>
          ))}
        {recorded && (
          <button type="button" className="button small" onClick={() => openTab(view, 'attn', A_LOOK)}>
            What does 4× look at?
          </button>
        )}
        <TabLink tab="about" detail={WALKTHROUGHS} label="Walk-throughs" />
      </p>
      <p className="to-try-said" role="status">
        {chosen !== null && chosen.config === shown && (
          <>
            {chosen.question}{' '}
            {chosen.alone ? (
              <>
                Train it, then look into <TabLink tab="attn" label="Attention" />.
              </>
            ) : (
              <>
                Train it, then the model as it was: <TabLink tab="cmp" label="Compare" /> draws both.
              </>
            )}
          </>
        )}
      </p>
    </section>
  );
}

/** The first run of this visit, if there is something to try about it and nothing has been tried yet; null for all else. */
function useFirstRun(): RunRecord | null {
  const state = useStore(useSession().runs);
  return useMemo(() => {
    const [first, second] = state.runs.filter(({ id }) => id > 0);
    if (first === undefined || second !== undefined || first.id !== state.presentId) return null;
    const former = withStreamsOf(first.preset, first.config);
    const isFormer = encodeQuery(former) === encodeQuery(first.config) && triedRun(state) === null;
    return isFormer && experiments(first.config).length > 0 ? first : null;
  }, [state]);
}

/** What comes after a first run: one change to it, and both are drawn. Its room is there while the run trains. */
function NextToTry({ run: { preset, config } }: { run: RunRecord }) {
  const { config: form, link, texts } = useSession();
  const trains = useRun((state) => isActive(state.phase));
  const done = useRun((state) => state.phase.name === 'done');
  const shown = useConfig((state) => encodeQuery(state.config));
  const all = experiments(config);
  const chosen = all.find((experiment) => encodeQuery(experiment.config) === shown);
  if (!trains && !done) return null;
  return (
    <section className="to-try" aria-label="What to try next">
      <p>
        <span className="to-try-name">{trains ? 'Next:' : 'Now compare it:'}</span>
        {trains ? (
          <span>when this run is through, take {config.model.hierarchies[1].factor}× away and compare.</span>
        ) : (
          all.map((experiment) => (
            <button
              key={experiment.label}
              type="button"
              className="button small"
              onClick={() => {
                link.commit(() => loadConfig(form, preset, experiment.config));
                texts.openWanted();
              }}
            >
              {experiment.label}
            </button>
          ))
        )}
      </p>
      <p className="to-try-said" role="status">
        {!trains && chosen !== undefined && (
          <>
            {chosen.question} Train it: <TabLink tab="cmp" label="Compare" /> draws both.
          </>
        )}
      </p>
    </section>
  );
}
