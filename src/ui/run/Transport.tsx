import { Icon } from '../Icon.tsx';
import type { IconName } from '../Icon.tsx';
import { useRun, useSession } from '../session.ts';
import type { RunPhase } from '../state/run-state.ts';
import { useBlocker } from './use-blocker.ts';

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

/** Train, Pause, Step, Reset. */
export function Transport() {
  const { controller } = useSession();
  const phase = useRun((state) => state.phase.name);
  const { label, icon } = PRIMARY[phase];
  const blocked = useBlocker() !== null;
  const needsStart = phase !== 'training' && phase !== 'paused';
  const act = (): void => (phase === 'lost' ? controller.restart() : controller.toggle());
  return (
    <div className="transport" role="group" aria-label="Run">
      <button
        type="button"
        className="button primary"
        aria-keyshortcuts="Space"
        title={`${label} (Space)`}
        disabled={phase === 'compiling' || (needsStart && phase !== 'lost' && blocked)}
        aria-describedby={blocked ? 'start-blocker' : undefined}
        onClick={act}
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
    </div>
  );
}
