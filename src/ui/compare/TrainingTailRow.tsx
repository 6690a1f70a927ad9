import { useMemo } from 'react';
import { compact, exact, loss } from '../format/quantity.ts';
import type { RunRecord } from '../state/runs.ts';
import { trainingTails } from './training-tails.ts';
import { NO_VERDICT } from './verdict.ts';
import { VerdictFigure } from './VerdictFigure.tsx';

const MORE = 'Bits per byte more than the lowest. The error comes from how the losses differ from step to step';

interface TrainingTailRowProps {
  runs: readonly RunRecord[];
  flops: number;
  /** Whether one of these runs may be called the best. */
  isContest: boolean;
}

/** What the text cost runs to learn just before they had had as much work as each other. */
export function TrainingTailRow({ runs, flops, isContest }: TrainingTailRowProps) {
  // What was measured within that work stays as it is, however far runs go on.
  const { tails, verdict: own, obstacle } = useMemo(() => trainingTails(runs, flops), [runs, flops]);
  const verdict = isContest ? own : NO_VERDICT;
  return (
    <tr>
      <th scope="row">
        Training loss at equal FLOPs ({compact(flops)}FLOP), bits per byte
        <div className="hint">mean of its last tenth{obstacle !== null && `; ${obstacle}`}</div>
      </th>
      {tails.map((tail, at) => (
        <td key={runs[at].id} className="with-error" data-best={at === verdict.best || undefined}>
          <VerdictFigure figure={loss(tail?.mean ?? null)} verdict={verdict} at={at} moreTitle={MORE} />
          {tail !== null && (
            <div className="hint">
              {tail.from === tail.to ? `step ${exact(tail.to)}` : `steps ${exact(tail.from)}–${exact(tail.to)}`}
            </div>
          )}
        </td>
      ))}
    </tr>
  );
}
