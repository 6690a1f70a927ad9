import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useSession, useView } from '../session.ts';
import { captureAt, capturesOf } from '../state/inspection.ts';
import { CaptureView } from './CaptureView.tsx';
import { NoCapture } from './NoCapture.tsx';
import { PassageEditor } from './PassageEditor.tsx';
import { parsePosition } from './position.ts';
import { RecordedNote } from './RecordedNote.tsx';
import { Timeline } from './Timeline.tsx';

/** What every head of every hierarchy reads, and what each hierarchy is worth. The model is asked only while this is open. */
export function AttentionTab() {
  const { inspector } = useSession();
  const { detail } = useView();
  const state = useStore(inspector.store);
  useEffect(() => inspector.look(), [inspector]);
  const { snapshots, latest } = state;
  const captures = useMemo(() => capturesOf({ snapshots, latest }), [snapshots, latest]);
  const position = useMemo(() => parsePosition(detail), [detail]);
  const capture = captureAt(captures, position.step);
  // A link says which step is A; the capture of it may come later than the link.
  const linked = state.pinned === null ? captures.find(({ step }) => step === position.pin) : undefined;
  useEffect(() => {
    if (linked !== undefined) inspector.pin(linked);
  }, [inspector, linked]);
  return (
    <div className="attention">
      <section className="panel" aria-labelledby="attention-title">
        <div className="panel-head">
          <h2 id="attention-title">
            Attention <span className="unit">what each token reads, hierarchy by hierarchy</span>
          </h2>
          {state.recorded ? <RecordedNote /> : <PassageEditor />}
        </div>
        {state.failure !== null && (
          <p className="message" data-severity="error" role="alert">
            The passage could not be read: {state.failure}
          </p>
        )}
        {capture === null ? <NoCapture /> : <Timeline captures={captures} capture={capture} position={position} />}
      </section>
      {capture !== null && <CaptureView capture={capture} position={position} />}
    </div>
  );
}
