import { Segmented } from '../form/Segmented.tsx';
import type { Position } from './position.ts';

interface ComparisonBarProps {
  shown: Position['shown'];
  /** What A and B are. */
  before: string;
  after: string;
  onChange(shown: Position['shown']): void;
}

/** Which of two captures is drawn: A, B, or what changed from one to the other, with the key to that in the lanes. */
export function ComparisonBar({ shown, before, after, onChange }: ComparisonBarProps) {
  const options: readonly { value: Position['shown']; label: string }[] = [
    { value: 'a', label: `A: ${before}` },
    { value: 'b', label: `B: ${after}` },
    { value: 'diff', label: 'B − A' },
  ];
  return (
    <div className="comparison">
      <span id="comparison-label">Compare</span>
      <Segmented name="comparison" labelledBy="comparison-label" value={shown} options={options} onChange={onChange} />
      {shown === 'diff' && (
        <span className="comparison-key">
          in the lanes <span className="key-level">line</span> A, <span className="key-filled">more in B</span>,{' '}
          <span className="key-outlined">less in B</span>
        </span>
      )}
    </div>
  );
}
