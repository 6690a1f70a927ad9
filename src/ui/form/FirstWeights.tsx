import { misfit, sayMisfit } from '../../config/weights-fit.ts';
import { exact } from '../format/quantity.ts';
import { BeginAnew } from '../run/BeginAnew.tsx';
import { useConfig, useSession } from '../session.ts';
import { chooseWeights, drawWeights } from '../state/config-store.ts';
import { FIRST_WEIGHTS } from '../state/start-blocker.ts';
import { controlId } from './control-id.ts';

/** Which trained weights the next run begins with, and the ways back; without any, how to have those of the run on the screen. */
export function FirstWeights() {
  const { config: form } = useSession();
  const weights = useConfig((state) => state.weights);
  const asked = useConfig((state) => state.config.model);
  if (weights === null) return <BeginAnew />;
  const unfit = misfit(weights.model, asked);
  const whose = `the weights of “${weights.name}”, step ${exact(weights.step)}`;
  return (
    <div id={controlId(FIRST_WEIGHTS)} className="first-weights" role="status" tabIndex={-1}>
      {unfit === null ? (
        <p className="message">
          <strong>Begins with {whose}.</strong> At a third of the learning rate it keeps more of what they know.
        </p>
      ) : (
        <p className="message" data-severity="error">
          Cannot begin with {whose}: {sayMisfit(unfit)}.
        </p>
      )}
      <p className="message">
        {unfit !== null && (
          <button type="button" className="fix" onClick={() => chooseWeights(form, weights)}>
            Use the model of the weights
          </button>
        )}
        <button type="button" className="fix" onClick={() => drawWeights(form)}>
          Draw new weights instead
        </button>
      </p>
    </div>
  );
}
