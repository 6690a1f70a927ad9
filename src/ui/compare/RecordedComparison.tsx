import { useEffect, useMemo, useState } from 'react';
import { flopsPerStep } from '../../config/costs.ts';
import { TrainHere } from '../run/TrainHere.tsx';
import { useHasGpu } from '../run/use-has-gpu.ts';
import { useCurves } from '../session.ts';
import { recordedName } from '../state/recording.ts';
import type { RecordedRun } from '../state/recording.ts';
import type { RunRecord } from '../state/runs.ts';
import { CompareChart } from './CompareChart.tsx';
import { CompareTable } from './CompareTable.tsx';
import { excessText } from './flat-baseline.ts';
import { loadOpponent } from './recorded-opponent.ts';
import { looksInComparison } from './run-look.ts';

/** Before there is a run of one's own: the recorded one, and a plain transformer that did as much work. */
export function RecordedComparison({ recorded }: { recorded: RecordedRun }) {
  const { metrics } = useCurves();
  const hasGpu = useHasGpu();
  const [opponent, setOpponent] = useState<RunRecord | null>(null);
  useEffect(() => {
    let gone = false;
    void loadOpponent().then((loaded) => !gone && setOpponent(loaded));
    return () => void (gone = true);
  }, []);
  const runs = useMemo((): RunRecord[] => {
    const { preset, config, model } = recorded;
    const name = `${recordedName(recorded)}, recorded`;
    const own: RunRecord = { id: -1, origin: 'visit', name, preset, config, text: null, metrics, model, pin: null };
    return opponent === null ? [own] : [opponent, own];
  }, [recorded, metrics, opponent]);
  const coarsest = recorded.config.model.hierarchies.at(-1)!.factor;
  const looks = useMemo(() => looksInComparison({ runs }), [runs]);
  const excess = opponent && flopsPerStep(opponent.config).total / flopsPerStep(recorded.config).total - 1;
  return (
    <>
      <section className="panel compare-recorded" aria-label="Recorded comparison">
        <p>
          <strong>Does {coarsest}× earn its work?</strong> Recorded: {recordedName(recorded)}, bytes and {coarsest}×
          {excess !== null && `, against a plain transformer that spends ${excessText(excess)} a step on bytes alone`}.
          One run of each is an anecdote{hasGpu && ': yours takes their place'}.
        </p>
        <TrainHere primary />
      </section>
      <CompareChart runs={runs} looks={looks} />
      <CompareTable runs={runs} looks={looks} />
    </>
  );
}
