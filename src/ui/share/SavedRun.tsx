import { bytes } from '../format/quantity.ts';
import { useRun } from '../session.ts';
import { saveFile } from '../shell/save-file.ts';

/** The present run as a file: for other programs, and to go on under Node. */
export function SavedRun() {
  const kept = useRun((state) => state.kept);
  const standsStill = useRun(({ phase }) => phase.name === 'paused' || phase.name === 'done');
  return (
    <div className="saved-run">
      <button
        type="button"
        className="button"
        disabled={kept === null}
        onClick={() => kept && saveFile(kept.file, `strata-step-${kept.step}.safetensors`)}
      >
        Save the run
      </button>
      <span className="hint">
        {kept === null
          ? 'There is none yet: a run is kept after 20 s of training, and when it is paused.'
          : `Step ${kept.step.toLocaleString('en')}, ${bytes(kept.file.size)}: weights by the reference’s names and all it takes to go on, such as with npm run train -- --resume.${standsStill ? '' : ' Pause for the newest step.'}`}
      </span>
    </div>
  );
}
