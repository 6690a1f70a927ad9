import { useStore } from 'zustand';
import { differenceLine } from '../compare/config-diff.ts';
import { duration, exact } from '../format/quantity.ts';
import { useConfig, useCurves, useRun, useSession } from '../session.ts';
import { TabLink } from '../shell/TabLink.tsx';
import { goToControl } from '../shell/go-to-control.ts';
import { changedSince } from '../state/marks.ts';
import { isActive } from '../state/run-state.ts';
import type { Blocker } from '../state/start-blocker.ts';
import { useBlocker } from './use-blocker.ts';
import { useFormDiffers } from './use-form-differs.ts';

/** Step n of N, and how long the rest takes; before a run, what keeps it from starting. */
export function Progress() {
  const phase = useRun((state) => state.phase);
  const total = useRun((state) => state.config?.training.steps);
  const planned = useConfig((state) => state.config.training.steps);
  const { metrics } = useCurves();
  const blocker = useBlocker();
  const { embedded } = useSession();
  const steps = total ?? planned;
  const recorded = useRun((state) => state.recorded !== null);
  const step = recorded ? 0 : metrics.madeSteps;
  const left = steps - step;
  const rate = metrics.stepsPerSecond;
  const compiling = phase.name === 'compiling';
  const value = compiling ? phase.done : step;
  const max = compiling ? Math.max(1, phase.total) : steps;
  const label = compiling
    ? phase.total === 0
      ? 'Preparing shaders'
      : `Compiling shaders ${phase.done} / ${phase.total}`
    : `Step ${exact(step)} / ${exact(steps)}`;
  const seconds = metrics.activeSeconds.length > 0 ? metrics.activeSeconds.last : 0;
  return (
    <div className="progress" data-phase={phase.name}>
      <div className="progress-line">
        <label htmlFor="run-progress">{label}</label>
        <RunOnScreen />
        {isActive(phase) && !compiling && rate !== null && (
          <span>
            {left > 0
              ? `ETA ${duration(Math.max(1, left * (metrics.clock.secondsPerStepLately ?? 1 / rate)))}`
              : 'last validation…'}
          </span>
        )}
        {phase.name === 'done' && metrics.isUpToDate && (
          <span>
            in {duration(seconds)}
            <span className="waiting-words"> of training</span>
          </span>
        )}
        {!isActive(phase) && phase.name !== 'lost' && blocker !== null && (
          <span id="start-blocker" className="blocker" title={blocker.reason}>
            {blocker.control === null || embedded ? (
              blocker.reason
            ) : (
              <GoToControl {...blocker} control={blocker.control} />
            )}
          </span>
        )}
        <Waiting />
      </div>
      <progress id="run-progress" value={value} max={max} />
    </div>
  );
}

/** Which run this is, while the form describes another. */
function RunOnScreen() {
  const differs = useFormDiffers();
  const run = useStore(useSession().runs, ({ runs, presentId }) => runs.find(({ id }) => id === presentId));
  if (!differs || run === undefined) return null;
  const settings = differenceLine({ ...run, since: changedSince(run.metrics.marks) }, null);
  return (
    <span className="run-on-screen" title={`The run on the screen is ${run.name}: ${settings}`}>
      <span>
        <strong>{run.name}</strong> {settings}
      </span>
    </span>
  );
}

/** That other runs wait for their turn. */
function Waiting() {
  const count = useStore(useSession().queue.store, ({ waiting }) => waiting.length);
  const idle = useRun((state) => state.phase.name === 'idle');
  if (count === 0) return null;
  const words = `${idle ? '' : ' more'} ${count === 1 ? 'waits' : 'wait'}`;
  return (
    <span className="waiting-runs">
      <TabLink
        tab="cmp"
        name={`${exact(count)}${words}`}
        label={
          <>
            {exact(count)}
            <span className="waiting-words">{words}</span>
          </>
        }
      />
    </span>
  );
}

/** The reason as a way to the control that it is about. */
function GoToControl({ reason, control }: Blocker & { control: string }) {
  const session = useSession();
  return (
    <button type="button" className="text-button" onClick={() => goToControl(session, control)}>
      {reason}
    </button>
  );
}
