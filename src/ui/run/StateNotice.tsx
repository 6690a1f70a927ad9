import { useRun, useSession } from '../session.ts';
import { goToControl } from '../shell/go-to-control.ts';
import { leanerRun, smallerRun } from '../state/remedies.ts';
import { LostAdapterNotice, SilentBrowserNotice } from './AdapterNotices.tsx';
import { BlowUpNotice } from './BlowUpNotice.tsx';
import { Diagnostics } from './Diagnostics.tsx';
import { KeptRunNotices } from './KeptRunNotices.tsx';
import { LostRunNotice } from './LostRunNotice.tsx';
import { Notice } from './Notice.tsx';
import { Remedies, RewindRemedies } from './Remedies.tsx';
import { useEditedRun } from './use-edited-run.ts';

/** What stands in the way, or has gone wrong, and what to do about it. Nothing while all is well. */
export function StateNotice() {
  const { embedded } = useSession();
  return (
    <>
      <LostAdapterNotice />
      <SilentBrowserNotice />
      <KernelNotice />
      {!embedded && <KeptRunNotices />}
      <PhaseNotice />
    </>
  );
}

/** That the GPU computes something wrong, by kernels made for it or by any, which is worth a report; or that a run has changed kernels. */
function KernelNotice() {
  const kernels = useRun((state) => state.kernels);
  const idle = useRun((state) => state.phase.name === 'idle');
  if (kernels?.savedWith !== undefined && !idle) {
    return (
      <Notice tone="warn" title="The run goes on with other kernels">
        <p>
          This adapter does not have those that it was kept with ({kernels.savedWith}). Its numbers may round otherwise
          from here on.
        </p>
      </Notice>
    );
  }
  if (kernels === null) return null;
  if (kernels.wrong.length > 0) {
    return (
      <Notice tone="warn" title="This GPU computes wrong results">
        <p>
          {kernels.wrong.join(' ')} What it trains may be worth nothing. A driver that is up to date or another browser
          may mend it.
        </p>
        <Diagnostics />
      </Notice>
    );
  }
  if (kernels.replaced.length === 0) return null;
  return (
    <Notice tone="warn" title="Some kernels are wrong on this GPU">
      <p>
        {kernels.replaced.join(' ')} Plain kernels compute in their place: results are right, but steps take longer. A
        driver that is up to date may mend it.
      </p>
      <Diagnostics />
    </Notice>
  );
}

function PhaseNotice() {
  const session = useSession();
  const phase = useRun((state) => state.phase);
  const { controller, embedded } = session;
  const config = useEditedRun();
  const kept = useRun((state) => state.kept);
  const withoutRun = useRun((state) => state.config === null);
  const isLoaded = useRun((state) => state.adapter.state !== 'unknown');
  const hasTrained = useRun((state) => state.kept !== null || state.model !== null);
  const restartLabel = kept === null ? 'Restart the run' : `Go on from step ${kept.step.toLocaleString('en')}`;
  switch (phase.name) {
    case 'diverged':
      return (
        <Notice tone="bad" title={`Training diverged at step ${phase.step}`}>
          <p>
            {phase.message} The last finite step is {phase.lastFiniteStep}; later updates were not applied.
          </p>
          <RewindRemedies>
            {!embedded && (
              <button type="button" className="button" onClick={() => goToControl(session, 'learningRate')}>
                Open settings
              </button>
            )}
          </RewindRemedies>
        </Notice>
      );
    case 'lost':
      return <LostRunNotice reason={phase.reason} message={phase.message} />;
    case 'failed': {
      const { kind, message } = phase.failure;
      if (kind === 'internal' && withoutRun) {
        return (
          <Notice tone="bad" title={isLoaded ? FAILED.internal : 'The engine did not load'}>
            <p>{message}</p>
            <div className="notice-actions">
              <button type="button" className="button" onClick={() => controller.reset()}>
                Load it again
              </button>
            </div>
          </Notice>
        );
      }
      return (
        <Notice tone="bad" title={kind === 'data' && hasTrained ? 'The run could not go on' : FAILED[kind]}>
          <p>{message}</p>
          {kind === 'internal' || (kind === 'data' && hasTrained) ? (
            <div className="notice-actions">
              <button type="button" className="button" onClick={() => controller.restart()}>
                {restartLabel}
              </button>
            </div>
          ) : (
            kind === 'out-of-memory' && <Remedies fixes={[...leanerRun(config), ...smallerRun(config)]} />
          )}
        </Notice>
      );
    }
    case 'idle':
    case 'compiling':
      return null;
    case 'training':
    case 'paused':
    case 'done':
      return <BlowUpNotice />;
  }
}

const FAILED = {
  'out-of-memory': 'The GPU has not enough memory for this run',
  invalid: 'This configuration cannot be trained',
  data: 'The text cannot be trained on',
  internal: 'Something went wrong in the engine',
};
