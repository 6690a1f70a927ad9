import { duration, exact, compact } from '../format/quantity.ts';
import { useRun } from '../session.ts';
import { aboutTime } from '../format/about-time.ts';
import { recordedName } from '../state/recording.ts';
import { RecordedSettings } from './RecordedSettings.tsx';
import { TrainHere } from './TrainHere.tsx';
import { useEstimate } from '../form/use-estimate.ts';

/** Says that what is on the screen was not trained here, what it is, and where it was trained. */
export function RecordedBanner() {
  const recorded = useRun((state) => state.recorded);
  const seconds = useEstimate();
  if (recorded === null) return null;
  return (
    <section className="recorded" aria-label="Recorded run">
      <p>
        <strong>Recorded: {recordedName(recorded)},</strong> {compact(recorded.model.parameters)} parameters,{' '}
        {exact(recorded.steps)} steps in {duration(recorded.seconds)} on {recorded.adapter}. Train one of your own to
        take its place.
      </p>
      <div className="recorded-actions">
        <RecordedSettings recorded={recorded} />
        <TrainHere detail={seconds === null ? '' : ` (${aboutTime(seconds)})`} />
      </div>
    </section>
  );
}
