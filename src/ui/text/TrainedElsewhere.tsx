import { exact } from '../format/quantity.ts';
import { useCurves, useRun } from '../session.ts';

/** That the model was not trained here, or only since some step, or began with trained weights. Nothing of any other. */
export function TrainedElsewhere() {
  const elsewhere = useRun(({ adopted }) => adopted?.elsewhere);
  const text = useRun(({ runCorpus }) => runCorpus?.name);
  const { metrics } = useCurves();
  const begun = useRun(({ firstWeights }) => firstWeights);
  if (elsewhere === undefined) {
    if (begun === null) return null;
    return (
      <p className="hint">
        It began with the weights of “{begun.name}”, step {exact(begun.step)}.
      </p>
    );
  }
  const here = metrics.madeSteps > elsewhere ? ', and here from then on' : '';
  return (
    <p className="hint">
      Trained elsewhere, for {exact(elsewhere)} steps{text !== undefined && ` on ${text}`}
      {here}.
    </p>
  );
}
