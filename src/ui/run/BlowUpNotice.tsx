import { exact, loss } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import { rewindStep } from '../state/run-state.ts';
import { Notice } from './Notice.tsx';
import { RewindRemedies } from './Remedies.tsx';

/** That a run trains on with losses that say it is ruined, and how it can be had back. */
export function BlowUpNotice() {
  const { controller } = useSession();
  const blowUp = useRun((state) => state.blowUp);
  const step = useRun(rewindStep);
  if (blowUp === null) return null;
  return (
    <Notice tone="bad" title="The loss has blown up">
      <p>
        Since step {exact(blowUp.wellUntil + 1)} it stays far above the {loss(blowUp.best)} bits per byte that the run
        had come down to. Old settings alone seldom bring back what it had learned.
        {step === null && ' A model of this size keeps no earlier state to go back to.'}
      </p>
      <RewindRemedies>
        <button type="button" className="text-button" onClick={() => controller.closeBlowUp()}>
          Leave it so
        </button>
      </RewindRemedies>
    </Notice>
  );
}
