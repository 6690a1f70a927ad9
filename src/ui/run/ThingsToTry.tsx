import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useConfig, useRun, useSession } from '../session.ts';
import { TabLink } from '../shell/TabLink.tsx';
import { loadConfig } from '../state/config-store.ts';
import { openTab } from '../state/view.ts';
import { WALKTHROUGHS } from '../about/walkthroughs-detail.ts';
import { experiments, withStreamsOf } from './experiments.ts';
import type { Experiment } from './experiments.ts';
import { useHasGpu } from './use-has-gpu.ts';

/** Layer, head, hierarchy and byte of the second walk-through: the recorded run's 4× at the "i" of "mind". */
const A_LOOK = 'l1.h1.k2.q40.dist';

/** Small experiments for who has just come: each a press away, and nothing starts by itself. */
export function ThingsToTry() {
  const { config: form, link, texts, runs, view } = useSession();
  const idle = useRun((state) => state.phase.name === 'idle');
  const noRuns = useStore(runs, (state) => state.runs.length === 0);
  const recorded = useRun((state) => state.recorded !== null || state.awaitsRecorded);
  const hasGpu = useHasGpu();
  const preset = useConfig((state) => state.preset);
  const shown = useConfig((state) => state.config);
  const all = useMemo(() => experiments(withStreamsOf(preset, shown)), [preset, shown]);
  const [chosen, choose] = useState<Experiment | null>(null);
  if (!idle || !noRuns || (all.length === 0 && !recorded)) return null;
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
            {chosen.question} Train it, then the model as it was: <TabLink tab="cmp" label="Compare" /> draws both.
          </>
        )}
      </p>
    </section>
  );
}
