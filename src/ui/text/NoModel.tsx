import { TrainOne } from '../run/TrainOne.tsx';
import { useRun } from '../session.ts';

/** Why there is nobody to write or to read, and the button that changes it. */
export function NoModel() {
  const phase = useRun((state) => state.phase);
  return (
    <section className="panel" aria-labelledby="text-title">
      <h2 id="text-title">Text</h2>
      {phase.name === 'compiling' ? (
        <p className="empty" role="status">
          The model is being built{phase.total > 0 && `: ${phase.done} of ${phase.total} shaders`}. Then it can write.
        </p>
      ) : (
        <div className="empty no-model">
          <p>There is no model yet that could write or read a text.</p>
          <TrainOne />
        </div>
      )}
    </section>
  );
}
