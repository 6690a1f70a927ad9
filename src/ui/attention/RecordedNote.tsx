import { compact } from '../format/quantity.ts';
import { OpenTrained } from '../run/OpenTrained.tsx';
import { RecordedSettings } from '../run/RecordedSettings.tsx';
import { TrainHere } from '../run/TrainHere.tsx';
import { useHasGpu } from '../run/use-has-gpu.ts';
import { useRun } from '../session.ts';
import { recordedName } from '../state/recording.ts';

/** Whose attention this is, and how to see one's own. */
export function RecordedNote() {
  const recorded = useRun((state) => state.recorded);
  const hasGpu = useHasGpu();
  return (
    <div className="attention-actions">
      <span className="hint">
        Recorded{recorded !== null && `: ${recordedName(recorded)}, ${compact(recorded.model.parameters)} parameters`}.
        {hasGpu && ' A model of your own reads any text, at any step.'}
      </span>
      {recorded !== null && <RecordedSettings recorded={recorded} />}
      <TrainHere />
      <OpenTrained inline />
    </div>
  );
}
