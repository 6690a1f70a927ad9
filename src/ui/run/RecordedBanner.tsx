import { duration, exact } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import { aboutTime } from '../format/about-time.ts';
import { useBlocker } from './use-blocker.ts';
import { useEstimate } from '../form/use-estimate.ts';

/** Says that what is on the screen was not trained here, and where it was. */
export function RecordedBanner() {
  const { controller } = useSession();
  const recorded = useRun((state) => state.recorded);
  const blocker = useBlocker();
  const seconds = useEstimate();
  if (recorded === null) return null;
  return (
    <section className="recorded" aria-label="Recorded run">
      <p>
        <strong>Recorded run.</strong> {exact(recorded.steps)} steps in {duration(recorded.seconds)} on{' '}
        {recorded.adapter}. Train one of your own to take its place.
      </p>
      <button
        type="button"
        className="button small"
        disabled={blocker !== null}
        title={blocker?.reason}
        onClick={() => controller.train()}
      >
        Train here{seconds !== null && ` (${aboutTime(seconds)})`}
      </button>
    </section>
  );
}
