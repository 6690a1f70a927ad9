import { Icon } from '../Icon.tsx';
import { useRun, useSession } from '../session.ts';
import { PassingButton } from '../shell/PassingButton.tsx';
import { useBlocker } from './use-blocker.ts';
import { useHasGpu } from './use-has-gpu.ts';

/** The way out where there is no model yet, or why there is none. */
export function TrainOne() {
  const { controller } = useSession();
  const isLost = useRun((state) => state.phase.name === 'lost');
  const blocker = useBlocker();
  const hasGpu = useHasGpu();
  if (isLost) return <p className="hint">The GPU was lost. The notice above says how to go on.</p>;
  if (!hasGpu) return <p className="hint">{blocker?.reason}</p>;
  return (
    <>
      <PassingButton className="button primary" disabled={blocker !== null} onClick={() => controller.train()}>
        <Icon name="play" />
        Train one
      </PassingButton>
      {blocker !== null && <p className="hint">{blocker.reason}</p>}
    </>
  );
}
