import { compact } from '../format/quantity.ts';
import { RecordedSettings, recordedName } from '../run/RecordedSettings.tsx';
import { useBlocker } from '../run/use-blocker.ts';
import { useRun, useSession } from '../session.ts';

/** Whose attention this is, and how to see one's own. */
export function RecordedNote() {
  const { controller } = useSession();
  const recorded = useRun((state) => state.recorded);
  const blocker = useBlocker();
  return (
    <div className="attention-actions">
      <span className="hint">
        Recorded{recorded !== null && `: ${recordedName(recorded)}, ${compact(recorded.model.parameters)} parameters`}.
        A model of your own reads any text, at any step.
      </span>
      {recorded !== null && <RecordedSettings recorded={recorded} />}
      <button
        type="button"
        className="button small"
        disabled={blocker !== null}
        title={blocker?.reason}
        onClick={() => controller.train()}
      >
        Train here
      </button>
    </div>
  );
}
