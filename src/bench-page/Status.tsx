import type { SuiteEvent } from '../bench/report.ts';
import type { BenchState } from './use-bench.ts';

/** How far the run is, and how it ended. */
export function Status({ state }: { state: BenchState }) {
  const { phase, progress, message, events } = state;
  if (phase === 'failed') {
    return (
      <p className="bench-alert" role="alert">
        {message}
      </p>
    );
  }
  const count = (wanted: SuiteEvent['kind']): number => events.filter(({ kind }) => kind === wanted).length;
  const [wrong, failed] = [count('wrong'), count('failed')];
  return (
    <>
      {wrong > 0 && (
        <p className="bench-alert" role="alert">
          {wrong === 1 ? 'One kernel computes' : `${wrong} kernels compute`} something wrong on this adapter; see the
          table below. Please report it, with what Copy as JSON gives.
        </p>
      )}
      {failed > 0 && (
        <p className="bench-alert" role="alert">
          {failed === 1 ? 'One measurement' : `${failed} measurements`} failed on this adapter; the table below says
          why. Please report it, with what Copy as JSON gives.
        </p>
      )}
      <div className="bench-progress" data-idle={phase === 'idle' || undefined}>
        <progress aria-label="Measured" value={progress?.done ?? 0} max={progress?.total ?? 1} />
        <span role="status">{words[phase]}</span>
        {phase === 'running' && progress && (
          <span className="hint">
            {progress.done + 1} of {progress.total}: {progress.id}
          </span>
        )}
      </div>
    </>
  );
}

const words: Record<BenchState['phase'], string> = {
  idle: '',
  running: 'Measuring',
  finished: 'Done',
  stopped: 'Stopped; what is below was measured before that.',
  failed: '',
};
