import { useEffect, useRef, useState } from 'react';
import { bytes, exact } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import { saveFile } from '../shell/save-file.ts';
import { useFilePicker } from '../shell/use-file-picker.tsx';

/** Runs as files: the present one to save, for other programs and to go on with later, and another to open. */
export function SavedRun() {
  const { runFile } = useSession();
  const box = useRef<HTMLDivElement>(null);
  const { ask, picker } = useFilePicker({
    accept: '.safetensors',
    label: 'File of a run',
    onFile: (file) => {
      // Closed by the browser, which puts the focus back where it was; the answer takes it from there.
      box.current?.closest('dialog')?.close();
      void runFile.open(file);
    },
  });
  const kept = useRun((state) => state.kept);
  const size = useSavedBytes();
  const unkept = useRun((state) => state.unkept);
  const standsStill = useRun(({ phase }) => phase.name === 'paused' || phase.name === 'done');
  return (
    <div ref={box} className="saved-run">
      {picker}
      <button
        type="button"
        className="button"
        disabled={kept === null}
        onClick={() => void runFile.save().then((saved) => saved && saveFile(saved.file, saved.name))}
      >
        Save the run
      </button>
      <button type="button" className="button" onClick={ask}>
        Open a run
      </button>
      <span className="hint">
        {kept === null
          ? unkept === null
            ? 'There is none yet: a run is kept after 20 s of training, and when it is paused.'
            : 'The present run is too large for that.'
          : `Step ${exact(kept.step)}${size === null ? '' : `, ${bytes(size)}`}: weights by the reference’s names, its curve, and all it takes to go on, here or with npm run train -- --resume.${standsStill ? '' : ' Pause for the newest step.'}`}
      </span>
    </div>
  );
}

/** Bytes of the file that saving would give; null until they are known. The curve, which goes into it then, can be half of them. */
function useSavedBytes(): number | null {
  const { runFile } = useSession();
  const kept = useRun((state) => state.kept);
  const [known, setKnown] = useState<{ of: typeof kept; size: number } | null>(null);
  useEffect(() => {
    let isWanted = true;
    void runFile.save().then((saved) => isWanted && setKnown(saved && { of: kept, size: saved.file.size }));
    return () => void (isWanted = false);
  }, [runFile, kept]);
  return known !== null && known.of === kept ? known.size : null;
}
