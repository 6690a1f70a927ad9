import { Notice } from '../run/Notice.tsx';
import { useRun, useSession } from '../session.ts';
import { LoadError } from './load-part.ts';

interface PartFailureProps {
  what: string;
  error: unknown;
  onAgain(): void;
  onClose?(): void;
}

/** That a part of the page is missing, and what to do about it. */
export function PartFailure({ what, error, onAgain, onClose }: PartFailureProps) {
  const missing = error instanceof LoadError;
  return (
    <Notice tone="bad" title={missing ? `${what} could not be loaded` : `${what} has stopped with an error`}>
      <p>
        {missing
          ? 'There may be no connection; or the page has been updated since it was opened, and reloading gets it anew. All else works on.'
          : `The browser says: “${String(error)}”`}{' '}
        <AfterReload />
      </p>
      <div className="notice-actions">
        <button type="button" className="button" onClick={onAgain}>
          Try again
        </button>
        <button type="button" className="button" onClick={() => location.reload()}>
          Reload the page
        </button>
        {onClose && (
          <button type="button" className="text-button" onClick={onClose}>
            Close
          </button>
        )}
      </div>
    </Notice>
  );
}

/** What of the run outlives a reload. */
function AfterReload() {
  const { embedded } = useSession();
  const idle = useRun(({ phase }) => phase.name === 'idle');
  const kept = useRun((state) => state.kept);
  const unkept = useRun((state) => state.unkept !== null);
  if (idle) return null;
  return kept === null || unkept || embedded
    ? 'Reloading ends the run, which is not kept.'
    : `Reloading stops the run; it can go on from step ${kept.step} then.`;
}
