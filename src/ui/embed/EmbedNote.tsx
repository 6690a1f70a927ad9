import { duration, exact } from '../format/quantity.ts';
import { useRun } from '../session.ts';
import { recordedName } from '../state/recording.ts';

/** Where what is shown comes from if it was not trained here, and that training is slow here. Keeps its room. */
export function EmbedNote() {
  const recorded = useRun((state) => state.recorded);
  const awaited = useRun((state) => state.awaitsRecorded);
  const software = useRun(({ adapter }) => adapter.state === 'ready' && adapter.info.software);
  return (
    <p className="embed-note" data-recorded={recorded !== null || awaited}>
      {recorded !== null && (
        <>
          Recorded: {recordedName(recorded)}, {exact(recorded.steps)} steps in {duration(recorded.seconds)} on{' '}
          {recorded.adapter}.{' '}
        </>
      )}
      {software && 'Software GPU: training here is about 1,000 times slower than on a GPU.'}
    </p>
  );
}
