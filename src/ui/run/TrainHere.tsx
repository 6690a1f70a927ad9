import { useSession } from '../session.ts';
import { useBlocker } from './use-blocker.ts';

/** Beside what was recorded elsewhere. `detail` follows the words on the button. */
export function TrainHere({ detail = '' }: { detail?: string }) {
  const { controller } = useSession();
  const blocker = useBlocker();
  return (
    <button
      type="button"
      className="button small"
      disabled={blocker !== null}
      title={blocker?.reason}
      onClick={() => controller.train()}
    >
      Train here{detail}
    </button>
  );
}
