import { useEffect, useRef, useState } from 'react';
import { bytes, exact } from '../format/quantity.ts';
import { OpenTrained } from '../run/OpenTrained.tsx';
import { useRun, useSession } from '../session.ts';
import { saveFile } from '../shell/save-file.ts';
import { useFilePicker } from '../shell/use-file-picker.tsx';

/** Runs as files: the present one to save, for other programs and to go on with later, and another to open. */
export function SavedRun() {
  const { runFile } = useSession();
  const box = useRef<HTMLDivElement>(null);
  // Closed by the browser, which puts the focus back where it was; the answer takes it from there.
  const close = (): void => box.current?.closest('dialog')?.close();
  const { ask, picker } = useFilePicker({
    accept: '.safetensors',
    label: 'File of a run',
    onFile: (file) => {
      close();
      void runFile.open(file);
    },
  });
  const [failure, setFailure] = useState('');
  const save = async (saving: Promise<{ file: Blob; name: string } | null>): Promise<void> => {
    try {
      const saved = await saving;
      setFailure('');
      if (saved !== null) saveFile(saved.file, saved.name);
    } catch (error) {
      setFailure(`The browser does not give the run’s copy back: ${String(error)}. Pause after a step for another.`);
    }
  };
  const kept = useRun((state) => state.kept);
  const unkept = useRun((state) => state.unkept);
  const standsStill = useRun(({ phase }) => phase.name === 'paused' || phase.name === 'done');
  const sizes = useSavedBytes();
  return (
    <div ref={box} className="saved-run">
      {picker}
      <div className="saved-run-actions">
        <button
          type="button"
          className="button"
          disabled={kept === null || sizes?.run === null}
          onClick={() => void save(runFile.save())}
        >
          Save the run
        </button>
        <button
          type="button"
          className="button"
          disabled={kept === null}
          onClick={() => void save(runFile.saveModel())}
        >
          Save the model alone
        </button>
      </div>
      {failure !== '' && (
        <p className="message" role="alert" data-severity="error">
          {failure}
        </p>
      )}
      <p className="hint">
        {kept === null
          ? unkept === null
            ? 'There is none yet: a run is kept after 2 s of training, and when it is paused.'
            : 'The present run is too large for that.'
          : `Step ${exact(kept.step)}. ${whatIsSaved(sizes)}${standsStill ? '' : ' Pause for the newest step.'}`}
      </p>
      <div className="saved-run-actions">
        <button type="button" className="button" onClick={ask}>
          Open a run
        </button>
        <OpenTrained onOpened={close} />
      </div>
    </div>
  );
}

/** Bytes of the files that saving would give; null for one that there is not. */
interface Sizes {
  run: number | null;
  model: number | null;
}

/** What each file is good for. */
function whatIsSaved(sizes: Sizes | null): string {
  const of = (size: number | null | undefined): string => (typeof size === 'number' ? `, ${bytes(size)}` : '');
  const run = `The run${of(sizes?.run)}: weights by the reference’s names, its curve, and all it takes to go on, here or with npm run train -- --resume.`;
  return `${run} The model alone${of(sizes?.model)}: enough to write and to look at attention; where it trains on, Adam begins anew. PyTorch reads both.`;
}

/** The sizes, null until they are known. The curve, which goes into the files then, can be half of them. */
function useSavedBytes(): Sizes | null {
  const { runFile } = useSession();
  const kept = useRun((state) => state.kept);
  const [known, setKnown] = useState<{ of: typeof kept; sizes: Sizes } | null>(null);
  useEffect(() => {
    let isWanted = true;
    const sizeOf = (saved: { file: Blob } | null): number | null => saved && saved.file.size;
    void Promise.all([runFile.save(), runFile.saveModel()]).then(
      ([run, model]) => {
        if (isWanted) setKnown({ of: kept, sizes: { run: sizeOf(run), model: sizeOf(model) } });
      },
      // A press on the button says why.
      () => {},
    );
    return () => void (isWanted = false);
  }, [runFile, kept]);
  return known !== null && known.of === kept ? known.sizes : null;
}
