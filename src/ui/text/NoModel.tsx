import { OpenTrained } from '../run/OpenTrained.tsx';
import { TrainOne } from '../run/TrainOne.tsx';
import { useHasGpu } from '../run/use-has-gpu.ts';
import { useRun } from '../session.ts';
import { recordedName } from '../state/recording.ts';
import { RecordedSamples } from './RecordedSamples.tsx';

/** Why there is nobody to write or to read, and the button that changes it; below, what the recorded run wrote. */
export function NoModel() {
  const phase = useRun((state) => state.phase);
  const recorded = useRun((state) => state.recorded);
  const samples = useRun((state) => state.samples);
  const hasGpu = useHasGpu();
  if (recorded !== null && !hasGpu) return <RecordedSamples samples={samples} name={recordedName(recorded)} />;
  return (
    <div className="text-tab no-model">
      {recorded !== null && <RecordedSamples samples={samples} name={recordedName(recorded)} />}
      <section className="panel" aria-labelledby="text-title">
        <h2 id="text-title">{recorded === null ? 'Text' : 'Write with your prompt'}</h2>
        {phase.name === 'compiling' ? (
          <p className="empty">
            The model is being built{phase.total > 0 && `: ${phase.done} of ${phase.total} shaders`}. Then it can write.
          </p>
        ) : (
          <div className="empty">
            <p>
              {recorded === null
                ? 'There is no model yet that could write or read a text.'
                : 'A recording cannot continue a text. A model that is trained here, or opened, takes any prompt and shows what each byte of any text costs it.'}
            </p>
            <TrainOne />
            {phase.name !== 'lost' && <OpenTrained />}
          </div>
        )}
      </section>
    </div>
  );
}
