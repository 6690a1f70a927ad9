import type { SyntheticFacts } from '../../config/synthetic.ts';
import { loss } from '../format/quantity.ts';
import { useConfig } from '../session.ts';

/** What the best possible score of a text means that a rule made, and why a model stays above it. */
export function FloorNote({ facts: { floorBits, passage } }: { facts: SyntheticFacts }) {
  const context = useConfig((state) => state.config.model.contextLength);
  const lines = context / (passage.indexOf('\n') + 1);
  return (
    <p className="explanation">
      Who knows the rule and all that came before pays {loss(floorBits)}, and nobody less. A model sees no more than its
      context, now {context} bytes or {lines < 10 ? lines.toFixed(1) : Math.round(lines)} lines. Where a sequence begins
      amid a line, the rest of that line cannot be known: the longer the context, the closer a model can come.
    </p>
  );
}
