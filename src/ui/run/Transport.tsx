import { Icon } from '../Icon.tsx';
import type { IconName } from '../Icon.tsx';
import { exact } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import { actions } from '../shell/actions.ts';
import { PassingButton } from '../shell/PassingButton.tsx';
import { isActive } from '../state/run-state.ts';
import type { RunPhase } from '../state/run-state.ts';
import { TransportProgress } from './TransportProgress.tsx';
import { useBlocker } from './use-blocker.ts';
import { useFormDiffers } from './use-form-differs.ts';
import { useLongerRun } from './use-longer-run.ts';

const PRIMARY: Record<RunPhase['name'], { label: string; icon: IconName }> = {
  idle: { label: 'Train', icon: 'play' },
  compiling: { label: 'Train', icon: 'play' },
  training: { label: 'Pause', icon: 'pause' },
  paused: { label: 'Resume', icon: 'play' },
  done: { label: 'Train again', icon: 'play' },
  diverged: { label: 'Train again', icon: 'play' },
  lost: { label: 'Restart', icon: 'reset' },
  failed: { label: 'Train again', icon: 'play' },
};

/** For a run whose device is lost but that was kept. */
const GO_ON = { label: 'Go on', icon: 'play' } as const;

const restart = actions.find(({ name }) => name === 'restart')!;

/** Train, Pause, Step, Reset; and to start over, while the form has other settings than the run. */
export function Transport() {
  const session = useSession();
  const { controller } = session;
  const differs = useFormDiffers();
  const active = useRun((state) => isActive(state.phase));
  const blocker = useBlocker();
  const phase = useRun((state) => state.phase.name);
  const failedAlone = useRun((state) => state.phase.name === 'failed' && state.config === null);
  const goesOn = useRun((state) => state.phase.name === 'lost' && state.kept !== null);
  const longer = useLongerRun();
  // An engine that failed by itself has trained nothing that could be trained again.
  const primary = PRIMARY[failedAlone ? 'idle' : phase];
  const { label, icon } = longer !== null ? { ...GO_ON, label: `Go on to ${exact(longer)}` } : goesOn ? GO_ON : primary;
  const blocked = blocker !== null;
  const needsStart = phase !== 'training' && phase !== 'paused';
  return (
    <div className="transport" role="group" aria-label="Run">
      <TransportProgress />
      <button
        type="button"
        className="button primary"
        aria-keyshortcuts="Space"
        title={`${label} (Space)`}
        disabled={phase === 'compiling' || (needsStart && phase !== 'lost' && blocked)}
        aria-describedby={blocked ? 'start-blocker' : undefined}
        onClick={() => controller.toggle()}
      >
        <Icon name={icon} />
        {label}
      </button>
      <button
        type="button"
        className="button"
        aria-keyshortcuts="."
        title="Train one step (.)"
        disabled={phase !== 'paused' && (phase !== 'idle' || blocked)}
        onClick={() => controller.step()}
      >
        <Icon name="step" />
        Step
      </button>
      <button
        type="button"
        className="button"
        title="Give this run up and free the GPU; settings stay"
        disabled={phase === 'idle'}
        onClick={() => controller.reset()}
      >
        <Icon name="reset" />
        Reset
      </button>
      {(active || phase === 'lost' || longer !== null) && differs && (
        <PassingButton
          className="button restart"
          aria-keyshortcuts="Shift+R"
          title={blocker?.reason ?? `${restart.label} (Shift+R)`}
          disabled={blocked}
          onClick={() => restart.perform(session)}
        >
          Restart with changes
        </PassingButton>
      )}
    </div>
  );
}
