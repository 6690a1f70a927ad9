import { useStore } from 'zustand';
import { loss } from '../format/quantity.ts';
import type { LossReader } from '../state/loss-reader.ts';
import { meanBits } from './byte-odds.ts';

/** Mean cost of the passage, and how much of it was read at which step. */
export function LossSummary({ reader }: { reader: LossReader }) {
  const { passage, capture, asking } = useStore(reader.store);
  if (capture === null) return <span className="unit">{asking ? 'being read' : 'not read yet'}</span>;
  const { inspection, step } = capture;
  const read = inspection.text.length;
  return (
    <span className="unit">
      {loss(meanBits(inspection))} bits per byte on average at step {step}
      {passage.source === 'own' &&
        read < passage.text.length &&
        `; the context takes the first ${read} of ${passage.text.length} bytes`}
    </span>
  );
}
