import { useCurves, useRun } from '../session.ts';

/** On the edge of buttons that stay at the foot of a phone, how far the run is; what the bar in the header says is out of sight. */
export function TransportProgress() {
  const phase = useRun((state) => state.phase);
  const steps = useRun((state) => state.config?.training.steps);
  const { metrics } = useCurves();
  if (steps === undefined) return null;
  const share = phase.name === 'compiling' ? phase.done / Math.max(1, phase.total) : metrics.madeSteps / steps;
  return (
    <span
      className="transport-progress"
      data-phase={phase.name}
      style={{ width: `${100 * Math.min(1, share)}%` }}
      aria-hidden="true"
    />
  );
}
