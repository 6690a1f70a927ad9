import { useBlocker } from '../run/use-blocker.ts';
import { useSession } from '../session.ts';

/** Whose attention this is, and how to see one's own. */
export function RecordedNote() {
  const { controller } = useSession();
  const blocker = useBlocker();
  return (
    <div className="attention-actions">
      <span className="hint">Recorded. A model of your own reads any text, at any step.</span>
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
