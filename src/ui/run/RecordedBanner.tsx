import { useStore } from 'zustand';
import { useEstimate } from '../form/use-estimate.ts';
import { compact, duration, exact } from '../format/quantity.ts';
import { useCurves, useRun, useSession } from '../session.ts';
import { recordedName } from '../state/recording.ts';
import type { RecordedRun } from '../state/recording.ts';
import { isUntouched } from '../state/runs.ts';
import { OpenTrained } from './OpenTrained.tsx';
import { RecordedSettings } from './RecordedSettings.tsx';
import { TrainHere } from './TrainHere.tsx';
import { WhyNoTraining } from './WhyNoTraining.tsx';

/** Says that what is on the screen was not trained here, what it is, and where it was trained. */
export function RecordedBanner() {
  const recorded = useRun((state) => state.recorded);
  const awaited = useRun((state) => state.awaitsRecorded);
  const idle = useRun((state) => state.phase.name === 'idle');
  const untouched = useStore(useSession().runs, isUntouched);
  const empty = useCurves().metrics.step.length === 0;
  if (recorded !== null) return <Recorded recorded={recorded} />;
  // Its room is kept for it: nothing is to move when it has been loaded.
  return awaited && idle && untouched && empty ? <div className="recorded" /> : null;
}

function Recorded({ recorded }: { recorded: RecordedRun }) {
  const estimate = useEstimate();
  return (
    <section className="recorded" aria-label="Recorded run">
      <p>
        <strong>Recorded: {recordedName(recorded)},</strong> {compact(recorded.model.parameters)} parameters,{' '}
        {exact(recorded.steps)} steps in {duration(recorded.seconds)} on {recorded.adapter}.{' '}
        <RecordedSettings recorded={recorded} inline />
      </p>
      <div className="recorded-actions">
        <WhyNoTraining />
        <TrainHere primary detail={estimate === null ? '' : ` (${estimate.time}${estimate.without})`} />
        <OpenTrained inline />
      </div>
    </section>
  );
}
