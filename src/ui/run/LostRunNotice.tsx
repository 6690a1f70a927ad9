import { exact } from '../format/quantity.ts';
import type { LossReason } from '../../protocol/events.ts';
import { useRun, useSession } from '../session.ts';
import { Diagnostics } from './Diagnostics.tsx';
import { Notice } from './Notice.tsx';
import { useHasGpu } from './use-has-gpu.ts';

/** That the present run has lost its GPU and did not go on by itself: what happened, what is kept, and what to do. */
export function LostRunNotice({ reason, message }: { reason: LossReason; message: string }) {
  const { controller, embedded } = useSession();
  const hasGpu = useHasGpu();
  const kept = useRun((state) => state.kept);
  const isStored = useRun((state) => state.unkept === null);
  const told = reason === 'no-answer' ? message : `The browser says: “${message}”`;
  const says = message === '' ? '' : ` ${told}`;
  return (
    <Notice tone="bad" title="The GPU was lost">
      {kept === null ? (
        <>
          <p>
            The browser took it away while this run was under way: its driver was reset or hangs, the computer slept, or
            another program needed it.{says}
          </p>
          <p>
            Nothing of the run was kept, so what it had learned is gone; its settings are still there. Start it again.
            If that happens often, close other tabs and programs that draw much, or choose a smaller batch and restart
            with changes.
          </p>
        </>
      ) : (
        <>
          <p>
            {hasGpu
              ? `It was lost three times within a minute, so the page no longer goes on by itself.${says}`
              : `It was lost, and there is no other. ${message}`}
          </p>
          <p>
            The run is kept as it was at step {exact(kept.step)},{' '}
            {isStored
              ? 'also when this page is closed.'
              : `but only while this page is open${embedded ? '' : ': Share saves it as a file'}.`}{' '}
            {hasGpu
              ? 'Close other tabs and programs that draw much, and go on; update the driver if it stays so.'
              : 'Wait a moment and go on, or open the page again after a restart of the browser.'}
          </p>
        </>
      )}
      <div className="notice-actions">
        <button type="button" className="button" onClick={() => controller.restart()}>
          {kept === null ? 'Restart the run' : `Go on from step ${exact(kept.step)}`}
        </button>
      </div>
      <Diagnostics />
    </Notice>
  );
}
