import { useRun } from '../session.ts';
import { OpenTrained } from '../run/OpenTrained.tsx';
import { TrainOne } from '../run/TrainOne.tsx';

/** Why there is nothing to see yet, and the button that changes it. */
export function NoCapture() {
  const phase = useRun((state) => state.phase);
  switch (phase.name) {
    case 'compiling':
      return (
        <p className="empty">
          The model is being built{phase.total > 0 && `: ${phase.done} of ${phase.total} shaders`}. Its attention will
          be here as soon as it has read the passage.
        </p>
      );
    case 'training':
    case 'paused':
    case 'done':
    case 'diverged':
      return (
        <p className="empty" role="status">
          The model is reading the passage. The first time its programs for that are compiled, which takes a moment.
        </p>
      );
    case 'idle':
    case 'lost':
    case 'failed':
      return (
        <div className="empty">
          <p>There is no model yet whose attention could be looked at.</p>
          <TrainOne />
          {phase.name !== 'lost' && <OpenTrained />}
        </div>
      );
  }
}
