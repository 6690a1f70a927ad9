import { exact } from '../format/quantity.ts';
import { useCurves, useRun } from '../session.ts';

/** That the model was not trained here, or only since some step. Nothing of any other. */
export function TrainedElsewhere() {
  const elsewhere = useRun(({ adopted }) => adopted?.elsewhere);
  const text = useRun(({ runCorpus }) => runCorpus?.name);
  const { metrics } = useCurves();
  if (elsewhere === undefined) return null;
  const here = metrics.madeSteps > elsewhere ? ', and here from then on' : '';
  return (
    <p className="hint">
      Trained elsewhere, for {exact(elsewhere)} steps{text !== undefined && ` on ${text}`}
      {here}.
    </p>
  );
}
