import { duration, exact, compact } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import { aboutTime } from '../format/about-time.ts';
import { RecordedSettings, recordedName } from './RecordedSettings.tsx';
import { useBlocker } from './use-blocker.ts';
import { useEstimate } from '../form/use-estimate.ts';

/** Says that what is on the screen was not trained here, what it is, and where it was trained. */
export function RecordedBanner() {
  const { controller } = useSession();
  const recorded = useRun((state) => state.recorded);
  const blocker = useBlocker();
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
        <button
          type="button"
          className="button small"
          disabled={blocker !== null}
          title={blocker?.reason}
          onClick={() => controller.train()}
        >
          Train here{seconds !== null && ` (${aboutTime(seconds)})`}
        </button>
      </div>
    </section>
  );
}
