import { Icon } from '../Icon.tsx';
import { useRun, useSession } from '../session.ts';
import { useBlocker } from './use-blocker.ts';

/** The way out where there is no model yet. */
export function TrainOne() {
  const { controller } = useSession();
  const isLost = useRun((state) => state.phase.name === 'lost');
  const blocker = useBlocker();
  return (
    <>
      <button
        type="button"
        className="button primary"
        disabled={blocker !== null || isLost}
        onClick={() => controller.train()}
      >
        <Icon name="play" />
        Train one
      </button>
      {blocker !== null && <p className="hint">{blocker.reason}</p>}
    </>
  );
}
