import { useStore } from 'zustand';
import { bytes, exact } from '../format/quantity.ts';
import { useRun, useSession } from '../session.ts';
import { PassingButton } from '../shell/PassingButton.tsx';
import { TRAINED } from '../state/trained-facts.ts';
import { useHasGpu } from './use-has-gpu.ts';

const SIZE = bytes(TRAINED.bytes);
const WHAT = `${TRAINED.model}, trained for ${exact(TRAINED.steps)} steps on ${TRAINED.text}, ${SIZE}`;

interface OpenTrainedProps {
  /** Says what it is on the button, in short, where there is little room. */
  inline?: boolean;
  onOpened?: () => void;
}

/** Opens the model that comes with the page, for who has trained none here; says what it is. Nothing without a GPU. */
export function OpenTrained({ inline = false, onOpened }: OpenTrainedProps) {
  const { trained } = useSession();
  const received = useStore(trained.store, (state) => state.received);
  const ready = useRun((state) => state.adapter.state === 'ready');
  const hasGpu = useHasGpu();
  if (!hasGpu) return null;
  const said = received === null ? WHAT : `${bytes(received)} of ${SIZE} have come.`;
  return (
    <div className="open-trained">
      <PassingButton
        className={`button ${inline ? 'small' : ''}`}
        disabled={!ready}
        title={inline ? WHAT : undefined}
        onClick={() => void trained.open().then(onOpened)}
      >
        {inline ? `Open a trained model (${received === null ? SIZE : said})` : 'Open a trained model'}
      </PassingButton>
      {!inline && <p className="hint">{said}</p>}
    </div>
  );
}
